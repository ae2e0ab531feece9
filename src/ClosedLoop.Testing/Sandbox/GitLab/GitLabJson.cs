using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitLab;

/// <summary>What GitLab's API and its webhooks write alike, and the ways in which they do not: webhooks have times of their own kind.</summary>
internal static class GitLabJson
{
    public const string DraftPrefix = "Draft: ", Unreviewed = "unreviewed", RequestedChanges = "requested_changes", Approved = "approved";

    /// <summary>As the API writes it.</summary>
    public static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>As webhooks write it.</summary>
    public static string HookTime(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>As both write the times of commits.</summary>
    public static string CommitTime(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    public static string Url(Uri address, PullRequest pull) => string.Create(CultureInfo.InvariantCulture, $"{address}{pull.Repository}/-/merge_requests/{pull.Number}");

    public static string CommitUrl(Uri address, string repository, string sha) => $"{address}{repository}/-/commit/{sha}";

    public static string Title(PullRequest pull) => pull.IsDraft ? DraftPrefix + pull.Title : pull.Title;

    public static string State(PullRequest pull) => pull.MergedAt is not null ? "merged" : pull.IsOpen ? "opened" : "closed";

    public static int UserId(string name) => 1 + Convert.ToInt32(WorldDice.Sha("user/" + name)[..6], 16);

    public static JsonObject User(string name) => new() { ["id"] = UserId(name), ["name"] = name, ["username"] = name, ["state"] = "active", ["avatar_url"] = null };

    public static JsonObject Change(JsonNode previous, JsonNode current) => new() { ["previous"] = previous, ["current"] = current };

    /// <summary>The reviewers as webhooks tell them, each with a state.</summary>
    public static JsonArray Reviewers(PullRequest pull, string? state = null) =>
        pull.Reviewer is not { } reviewer ? [] : new JsonArray(new JsonObject { ["id"] = UserId(reviewer), ["name"] = reviewer, ["username"] = reviewer, ["avatar_url"] = null, ["email"] = "[REDACTED]", ["state"] = state ?? ReviewState(pull), ["re_requested"] = false });

    public static string ReviewState(PullRequest pull) => pull.Reviews.Count == 0 ? Unreviewed : pull.Reviews[^1].IsApproval ? Approved : RequestedChanges;

    /// <summary>The commits of a merge: the merge commit, and the squash that it brought in or that landed by itself.</summary>
    public static (string? Merge, string? Squash) Landing(PullRequest pull, WorldLine line)
    {
        if (pull.MergeSha is not { } sha || !line.TryFind(sha, out var commit)) return (null, null);
        return commit.Merged is null ? (null, sha) : (sha, commit.Merged == pull.HeadSha ? null : commit.Merged);
    }
}
