namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>A review; its state is APPROVED or CHANGES_REQUESTED, which webhooks say in lower case.</summary>
internal sealed record PullRequestReview(long Id, string Reviewer, string State, string Commit, DateTimeOffset SubmittedAt);
