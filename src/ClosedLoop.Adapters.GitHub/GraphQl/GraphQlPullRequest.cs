using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>Reads a pull request and its reviews out of an answer.</summary>
internal static class GraphQlPullRequest
{
    /// <summary>Adds its facts; false when a field that must be there is not.</summary>
    public static bool Read(GraphQlSubject subject, JsonElement pull, GitHubSettings settings, Harvest harvest)
    {
        if (subject.Number is not { } number || pull.Text("state") is not { } state || pull.Time("createdAt") is not { } created || pull.Time("updatedAt") is not { } updated ||
            pull.Text("headRefOid") is not { } head || !KeyText.IsCommit(head) || pull.Text("headRefName") is not { } headBranch || pull.Text("baseRefName") is not { } baseBranch)
            return false;
        var mergedAt = pull.Time("mergedAt");
        string? headRepository = pull.Field("headRepository").Text("nameWithOwner");
        string? merge = pull.Field("mergeCommit").Text("oid");
        PullRequestFacts.Add(
            new PullRequestSeen
            {
                Repository = subject.Repository,
                Number = number,
                State = mergedAt is null ? state.ToLowerInvariant() : "merged",
                CreatedAt = created,
                UpdatedAt = updated,
                Head = head.ToLowerInvariant(),
                HeadBranch = headBranch,
                HeadRepository = RepositoryName.IsValid(headRepository) ? headRepository : null,
                BaseBranch = baseBranch,
                Title = pull.Text("title"),
                Body = pull.Text("body"),
                Url = pull.Text("url"),
                IsDraft = pull.Flag("isDraft") == true,
                ClosedAt = pull.Time("closedAt"),
                MergedAt = mergedAt,
                MergeCommit = mergedAt is not null && KeyText.IsCommit(merge) ? merge!.ToLowerInvariant() : null,
                Labels = [.. pull.Field("labels").Items("nodes").Select(static label => label.Text("name")).OfType<string>()],
                Commits = pull.Field("commits").Long("totalCount") ?? 0,
            },
            settings,
            harvest);
        ReadReviews(subject, number, pull, settings, harvest);
        foreach (var moved in pull.Field("timelineItems").Items("nodes"))
            if (moved.Text("__typename") is { } type and ("AddedToMergeQueueEvent" or "RemovedFromMergeQueueEvent") && moved.Time("createdAt") is { } at)
                QueueFacts.Add(subject.Repository, number, at, type == "RemovedFromMergeQueueEvent", moved.Text("reason"), pull.Text("url"), harvest);
        return true;
    }

    private static void ReadReviews(GraphQlSubject subject, long number, JsonElement pull, GitHubSettings settings, Harvest harvest)
    {
        string author = LoginOf(pull.Field("author"));
        var reviews = pull.Field("latestOpinionatedReviews");
        if (reviews.Field("pageInfo").Flag("hasNextPage") == true) harvest.Diagnostics.Add($"{subject.Label}: has more than 100 reviewers; only the first 100 were read");
        foreach (var review in reviews.Items("nodes"))
        {
            if (review.Long("databaseId") is not { } id || review.Text("state") is not { } state || review.Time("submittedAt") is not { } submitted) continue;
            string? commit = review.Field("commit").Text("oid");
            ReviewFacts.Add(
                new ReviewSeen
                {
                    Repository = subject.Repository,
                    Number = number,
                    Id = id,
                    State = state.ToLowerInvariant(),
                    Reviewer = LoginOf(review.Field("author")),
                    IsBot = IsBot(review.Field("author")),
                    Author = author,
                    SubmittedAt = submitted,
                    Commit = KeyText.IsCommit(commit) ? commit!.ToLowerInvariant() : null,
                    Url = review.Text("url"),
                },
                settings,
                harvest);
        }
    }

    private static bool IsBot(JsonElement actor) => actor.Text("__typename") == "Bot";

    private static string LoginOf(JsonElement actor) => ReviewSeen.LoginOf(actor.Text("login"), IsBot(actor));
}
