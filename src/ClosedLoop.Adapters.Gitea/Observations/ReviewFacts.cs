using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>The fact of one reviewer's review.</summary>
internal static class ReviewFacts
{
    public const string Approved = "APPROVED", RequestChanges = "REQUEST_CHANGES", Comment = "COMMENT";

    public static void Add(ReviewSeen seen, GiteaSettings settings, Harvest harvest)
    {
        var change = Key.PullRequest(seen.Repository, seen.Number);
        if (string.Equals(seen.Reviewer, seen.Author, StringComparison.OrdinalIgnoreCase))
        {
            harvest.Nothing = "a review by the pull request's own author does not count";
            return;
        }
        (GateStatus status, Reason reason, string? detail) = seen.State switch
        {
            Approved or RequestChanges when seen.IsDismissed => (GateStatus.Waiting, Reason.Inconclusive, $"the review by {seen.Reviewer} was dismissed"),
            Approved => (GateStatus.Passed, Reason.None, $"{seen.Reviewer} approved"),
            RequestChanges => (GateStatus.Failed, Reason.None, $"{seen.Reviewer} requested changes"),
            Comment or "PENDING" or "REQUEST_REVIEW" or "" => (GateStatus.Waiting, Reason.None, (string?)null),
            _ => (GateStatus.Waiting, Reason.Unrecognized, $"the review by {seen.Reviewer} has an unknown state"),
        };
        if (detail is null)
        {
            harvest.Nothing = "a review that is only a comment, pending or asked for decides nothing";
            return;
        }
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{change}: the review state {SourceText.Quote(seen.State)} is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = Key.Review(seen.Repository, seen.Number, KeyText.Clean(seen.Reviewer)),
            Kind = Gates.Reviewed,
            Writer = settings.Host.SourceControl,
            Ordinal = Ordinal.At(seen.At, seen.IsDismissed ? 2 : 1, seen.Id),
            Status = status,
            Reason = reason,
            OccurredAt = seen.IsDismissed ? seen.At : seen.SubmittedAt,
            Name = seen.Reviewer,
            Revision = seen.Commit,
            Detail = detail,
            Evidence = Evidence.From(seen.Url, $"review by {seen.Reviewer}"),
            Links = [change],
        });
    }

    /// <summary>Reads a review of the API. Returns the field that is missing, or null.</summary>
    public static string? Read(JsonElement review, string repository, long number, string author, GiteaSettings settings, Harvest harvest)
    {
        if (review.Number("id") is not ({ } id and > 0)) return "id";
        if (review.Text("state") is not { } state) return "state";
        // A request to a team, or the review of an account that is gone.
        if (review.Text("user", "login") is not { Length: > 0 } reviewer) return null;
        if (review.Moment("submitted_at") is not { } submitted) return state == "PENDING" ? null : "submitted_at";
        Add(
            new ReviewSeen
            {
                Repository = repository,
                Number = number,
                Id = id,
                State = state,
                IsDismissed = review.Flag("dismissed") == true,
                Reviewer = reviewer,
                Author = author,
                At = HostTime.Latest(submitted, review.Moment("updated_at"))!.Value,
                SubmittedAt = submitted,
                Commit = review.Text("commit_id") is { } sha && KeyText.IsCommit(sha) ? sha.ToLowerInvariant() : null,
                Url = review.Text("html_url"),
            },
            settings,
            harvest);
        return null;
    }
}
