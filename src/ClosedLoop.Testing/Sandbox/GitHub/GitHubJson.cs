using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>GitHub's objects in the shapes of its REST API and webhooks. Its timestamps have a resolution of one second.</summary>
internal static class GitHubJson
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? at) => at is { } instant ? Time(instant) : null;

    public static string PullUrl(Uri address, PullRequest pull) => string.Create(CultureInfo.InvariantCulture, $"{address}{pull.Repository}/pull/{pull.Number}");

    public static string ReviewUrl(Uri address, PullRequest pull, PullRequestReview review) =>
        string.Create(CultureInfo.InvariantCulture, $"{PullUrl(address, pull)}#pullrequestreview-{review.Id}");

    /// <param name="address">GitHub's own address.</param>
    /// <param name="pull">The pull request.</param>
    /// <param name="inList">Lists leave out <c>merged</c> and <c>merged_by</c>.</param>
    public static JsonObject Pull(Uri address, PullRequest pull, bool inList)
    {
        string api = PullApiUrl(address, pull), issue = string.Create(CultureInfo.InvariantCulture, $"{address}repos/{pull.Repository}/issues/{pull.Number}"), page = PullUrl(address, pull);
        var json = new JsonObject
        {
            ["url"] = api,
            ["id"] = pull.Id,
            ["node_id"] = string.Create(CultureInfo.InvariantCulture, $"PR_{pull.Id}"),
            ["html_url"] = page,
            ["diff_url"] = page + ".diff",
            ["patch_url"] = page + ".patch",
            ["issue_url"] = issue,
            ["commits_url"] = api + "/commits",
            ["review_comments_url"] = api + "/comments",
            ["review_comment_url"] = $"{address}repos/{pull.Repository}/pulls/comments{{/number}}",
            ["comments_url"] = issue + "/comments",
            ["statuses_url"] = $"{address}repos/{pull.Repository}/statuses/{pull.HeadSha}",
            ["number"] = pull.Number,
            ["state"] = pull.IsOpen ? "open" : "closed",
            ["locked"] = false,
            ["title"] = pull.Title,
            ["user"] = GitHubAccountJson.User(address, pull.Author),
            ["body"] = pull.Body,
            ["created_at"] = Time(pull.CreatedAt),
            ["updated_at"] = Time(pull.UpdatedAt),
            ["closed_at"] = Time(pull.ClosedAt),
            ["merged_at"] = Time(pull.MergedAt),
            // Before the merge this is the test merge, which never lands.
            ["merge_commit_sha"] = pull.MergeSha ?? World.WorldDice.Sha("test-merge/" + pull.HeadSha),
            ["draft"] = pull.IsDraft,
            ["assignee"] = null,
            ["assignees"] = new JsonArray(),
            ["requested_reviewers"] = new JsonArray(),
            ["requested_teams"] = new JsonArray(),
            ["labels"] = new JsonArray(),
            ["milestone"] = null,
            ["head"] = Side(address, pull, pull.Branch, pull.HeadSha),
            ["base"] = Side(address, pull, "main", pull.BaseSha),
            ["_links"] = new JsonObject
            {
                ["self"] = Link(api),
                ["html"] = Link(page),
                ["issue"] = Link(issue),
                ["comments"] = Link(issue + "/comments"),
                ["review_comments"] = Link(api + "/comments"),
                ["review_comment"] = Link($"{address}repos/{pull.Repository}/pulls/comments{{/number}}"),
                ["commits"] = Link(api + "/commits"),
                ["statuses"] = Link($"{address}repos/{pull.Repository}/statuses/{pull.HeadSha}"),
            },
            ["author_association"] = "MEMBER",
            ["auto_merge"] = null,
            ["active_lock_reason"] = null,
        };
        if (inList) return json;
        json["merged"] = pull.MergedAt is not null;
        json["merged_by"] = pull.MergedAt is null ? null : GitHubAccountJson.User(address, "merge-queue");
        json["mergeable"] = null;
        json["rebaseable"] = null;
        // GitHub works it out later, and says so.
        json["mergeable_state"] = "unknown";
        json["comments"] = 0;
        json["review_comments"] = 0;
        json["maintainer_can_modify"] = false;
        json["commits"] = 1;
        json["additions"] = 12;
        json["deletions"] = 4;
        json["changed_files"] = 2;
        return json;
    }

    public static string State(PullRequestReview review) => review.IsApproval ? "APPROVED" : "CHANGES_REQUESTED";

    public static JsonObject Review(Uri address, PullRequest pull, PullRequestReview review, bool inWebhook) => new()
    {
        ["id"] = review.Id,
        ["node_id"] = string.Create(CultureInfo.InvariantCulture, $"PRR_{review.Id}"),
        ["user"] = GitHubAccountJson.User(address, review.Reviewer),
        ["body"] = null,
        ["commit_id"] = review.Commit,
        ["submitted_at"] = Time(review.SubmittedAt),
        ["state"] = inWebhook ? State(review).ToLowerInvariant() : State(review),
        ["html_url"] = ReviewUrl(address, pull, review),
        ["pull_request_url"] = PullApiUrl(address, pull),
        ["author_association"] = "MEMBER",
        ["_links"] = new JsonObject { ["html"] = Link(ReviewUrl(address, pull, review)), ["pull_request"] = Link(PullApiUrl(address, pull)) },
    };

    private static string PullApiUrl(Uri address, PullRequest pull) => string.Create(CultureInfo.InvariantCulture, $"{address}repos/{pull.Repository}/pulls/{pull.Number}");

    private static JsonObject Link(string address) => new() { ["href"] = address };

    private static JsonObject Side(Uri address, PullRequest pull, string branch, string sha) => new()
    {
        ["label"] = $"{pull.Repository.Split('/')[0]}:{branch}",
        ["ref"] = branch,
        ["sha"] = sha,
        ["user"] = GitHubAccountJson.User(address, pull.Repository.Split('/')[0]),
        ["repo"] = GitHubAccountJson.Repository(address, pull.Repository),
    };
}
