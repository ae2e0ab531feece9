namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>A review: an approval, or a request for changes.</summary>
internal sealed record PullRequestReview(long Id, string Reviewer, bool IsApproval, string Commit, DateTimeOffset SubmittedAt);
