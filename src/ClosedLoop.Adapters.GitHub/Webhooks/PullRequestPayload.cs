using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Reads <c>pull_request</c> (every action carries the whole state) and <c>pull_request_review</c>. Each method returns the field that is missing, or null.</summary>
internal static class PullRequestPayload
{
    public static string? Read(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var pull = payload.Field("pull_request");
        if ((pull.Long("number") ?? payload.Long("number")) is not { } number || number <= 0) return "pull_request.number";
        if (pull.Text("state") is not { } state) return "pull_request.state";
        if (pull.Time("created_at") is not { } created) return "pull_request.created_at";
        if (pull.Time("updated_at") is not { } updated) return "pull_request.updated_at";
        var head = pull.Field("head");
        if (head.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return "pull_request.head.sha";
        if (head.Text("ref") is not { } headBranch) return "pull_request.head.ref";
        if (pull.Field("base").Text("ref") is not { } baseBranch) return "pull_request.base.ref";
        // The list API has no "merged"; where it is there and false, a merge time would be a contradiction and claims nothing.
        var mergedAt = pull.Flag("merged") == false ? null : pull.Time("merged_at");
        string? headRepository = head.Field("repo").Text("full_name");
        PullRequestFacts.Add(
            new PullRequestSeen
            {
                Repository = repository,
                Number = number,
                State = mergedAt is null ? state : "merged",
                CreatedAt = created,
                UpdatedAt = updated,
                Head = sha.ToLowerInvariant(),
                HeadBranch = headBranch,
                HeadRepository = RepositoryName.IsValid(headRepository) ? headRepository : null,
                BaseBranch = baseBranch,
                Title = pull.Text("title"),
                Body = pull.Text("body"),
                MentionedReverts = RevertLine.Mentions(Before(payload, "body")) || RevertLine.Mentions(Before(payload, "title")),
                Url = pull.Text("html_url"),
                IsDraft = pull.Flag("draft") == true,
                ClosedAt = pull.Time("closed_at"),
                MergedAt = mergedAt,
                MergeCommit = mergedAt is not null && pull.Text("merge_commit_sha") is { } merge && KeyText.IsCommit(merge) ? merge.ToLowerInvariant() : null,
                Labels = [.. pull.Items("labels").Select(static label => label.Text("name")).OfType<string>()],
                Commits = pull.Long("commits") ?? 0,
            },
            settings,
            harvest);
        if (payload.Text("action") is { } action and ("enqueued" or "dequeued"))
            QueueFacts.Add(repository, number, updated, action == "dequeued", payload.Text("reason"), pull.Text("html_url"), harvest);
        harvest.Hints.Add(Key.PullRequest(repository, number));
        return null;
    }

    public static string? ReadReview(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var pull = payload.Field("pull_request");
        var review = payload.Field("review");
        if (pull.Long("number") is not { } number || number <= 0) return "pull_request.number";
        if (review.Long("id") is not { } id) return "review.id";
        if (review.Text("state") is not { } state) return "review.state";
        if (review.Time("submitted_at") is not { } submitted)
        {
            if (!state.Equals("pending", StringComparison.OrdinalIgnoreCase)) return "review.submitted_at";
            harvest.Nothing = "a pending review is not submitted yet";
            return null;
        }
        bool isBot = IsBot(review.Field("user"));
        string? commit = review.Text("commit_id");
        ReviewFacts.Add(
            new ReviewSeen
            {
                Repository = repository,
                Number = number,
                Id = id,
                State = state.ToLowerInvariant(),
                Reviewer = ReviewSeen.LoginOf(review.Field("user").Text("login"), isBot),
                IsBot = isBot,
                Author = ReviewSeen.LoginOf(pull.Field("user").Text("login"), IsBot(pull.Field("user"))),
                SubmittedAt = submitted,
                Commit = KeyText.IsCommit(commit) ? commit!.ToLowerInvariant() : null,
                Url = review.Text("html_url"),
            },
            settings,
            harvest);
        if (harvest.Facts.Count > 0) harvest.Hints.Add(Key.PullRequest(repository, number));
        return null;
    }

    // What an edit replaced.
    private static string? Before(JsonElement payload, string field) => payload.Field("changes").Field(field).Text("from");

    private static bool IsBot(JsonElement user) => user.Text("type") == "Bot";
}
