using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>The fact of one reviewer's review.</summary>
internal static class ReviewFacts
{
    public static void Add(ReviewSeen seen, GitHubSettings settings, Harvest harvest)
    {
        var change = Key.PullRequest(seen.Repository, seen.Number);
        if (string.Equals(seen.Reviewer, seen.Author, StringComparison.OrdinalIgnoreCase))
        {
            harvest.Nothing = "a review by the pull request's own author does not count";
            return;
        }
        if (seen.IsBot && !settings.CountBotReviews)
        {
            harvest.Nothing = "a review by a bot does not count (GitHub:CountBotReviews is false)";
            return;
        }
        (GateStatus status, Reason reason, string? detail) = seen.State switch
        {
            "approved" => (GateStatus.Passed, Reason.None, $"{seen.Reviewer} approved"),
            "changes_requested" => (GateStatus.Failed, Reason.None, $"{seen.Reviewer} requested changes"),
            "dismissed" => (GateStatus.Waiting, Reason.Inconclusive, $"the review by {seen.Reviewer} was dismissed"),
            "commented" or "pending" => (GateStatus.Waiting, Reason.None, null),
            _ => (GateStatus.Waiting, Reason.Unrecognized, $"the review by {seen.Reviewer} has an unknown state"),
        };
        if (detail is null)
        {
            // A comment after an approval leaves the approval standing, as on GitHub.
            harvest.Nothing = $"a review that is only {seen.State} decides nothing";
            return;
        }
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{change}: the review state '{seen.State}' is not known to this version and counts as no evidence");
        // A dismissal keeps the review's id and time, so only the rank can put it after the approval that it takes back.
        int rank = seen.State is "approved" or "changes_requested" ? 1 : 2;
        harvest.Facts.Add(new Fact
        {
            Subject = Key.Review(seen.Repository, seen.Number, seen.Reviewer),
            Kind = Gates.Reviewed,
            Writer = GitHubWriters.SourceControl,
            Ordinal = Ordinal.At(seen.SubmittedAt, rank, seen.Id),
            Status = status,
            Reason = reason,
            OccurredAt = seen.SubmittedAt,
            Name = seen.Reviewer,
            Revision = seen.Commit,
            Detail = detail,
            Evidence = Evidence.From(seen.Url, $"review by {seen.Reviewer}"),
            Links = [change],
        });
    }
}
