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

    public static JsonObject User(string login) => new() { ["login"] = login, ["type"] = "User", ["site_admin"] = false };

    public static JsonObject Repository(Uri address, string fullName)
    {
        string[] parts = fullName.Split('/');
        return new JsonObject
        {
            ["name"] = parts[1],
            ["full_name"] = fullName,
            ["private"] = true,
            ["owner"] = new JsonObject { ["login"] = parts[0], ["type"] = "Organization" },
            ["html_url"] = $"{address}{fullName}",
            ["clone_url"] = $"{address}{fullName}.git",
            ["default_branch"] = "main",
        };
    }

    /// <param name="address">GitHub's own address.</param>
    /// <param name="pull">The pull request.</param>
    /// <param name="inList">Lists leave out <c>merged</c> and <c>merged_by</c>.</param>
    public static JsonObject Pull(Uri address, PullRequest pull, bool inList)
    {
        var json = new JsonObject
        {
            ["url"] = string.Create(CultureInfo.InvariantCulture, $"{address}repos/{pull.Repository}/pulls/{pull.Number}"),
            ["id"] = pull.Id,
            ["node_id"] = string.Create(CultureInfo.InvariantCulture, $"PR_{pull.Id}"),
            ["html_url"] = PullUrl(address, pull),
            ["number"] = pull.Number,
            ["state"] = pull.IsOpen ? "open" : "closed",
            ["locked"] = false,
            ["title"] = pull.Title,
            ["user"] = User(pull.Author),
            ["body"] = pull.Body,
            ["created_at"] = Time(pull.CreatedAt),
            ["updated_at"] = Time(pull.UpdatedAt),
            ["closed_at"] = Time(pull.ClosedAt),
            ["merged_at"] = Time(pull.MergedAt),
            // Before the merge this is the test merge, which never lands.
            ["merge_commit_sha"] = pull.MergeSha ?? World.WorldDice.Sha("test-merge/" + pull.HeadSha),
            ["draft"] = pull.IsDraft,
            ["labels"] = new JsonArray(),
            ["head"] = Side(address, pull, pull.Branch, pull.HeadSha),
            ["base"] = Side(address, pull, "main", pull.BaseSha),
            ["auto_merge"] = null,
        };
        if (inList) return json;
        json["merged"] = pull.MergedAt is not null;
        json["merged_by"] = pull.MergedAt is null ? null : User("merge-queue");
        json["mergeable"] = null;
        json["commits"] = 1;
        return json;
    }

    public static string State(PullRequestReview review) => review.IsApproval ? "APPROVED" : "CHANGES_REQUESTED";

    public static JsonObject Review(Uri address, PullRequest pull, PullRequestReview review, bool inWebhook) => new()
    {
        ["id"] = review.Id,
        ["node_id"] = string.Create(CultureInfo.InvariantCulture, $"PRR_{review.Id}"),
        ["user"] = User(review.Reviewer),
        ["body"] = null,
        ["commit_id"] = review.Commit,
        ["submitted_at"] = Time(review.SubmittedAt),
        ["state"] = inWebhook ? State(review).ToLowerInvariant() : State(review),
        ["html_url"] = ReviewUrl(address, pull, review),
    };

    private static JsonObject Side(Uri address, PullRequest pull, string branch, string sha) => new()
    {
        ["label"] = $"{pull.Repository.Split('/')[0]}:{branch}",
        ["ref"] = branch,
        ["sha"] = sha,
        ["repo"] = Repository(address, pull.Repository),
    };
}
