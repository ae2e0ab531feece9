using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>Branches, commits and their history in the shapes of GitHub's GraphQL API.</summary>
internal static class GitHubHistory
{
    private const int PageSize = 100;

    /// <summary>The parts of a repository that stand under their own names: its default branch, and deployments, which are none here.</summary>
    public static JsonObject Lines(GitHubState.Repository repository) => new() { ["defaultBranchRef"] = Head(repository, withHistory: false), ["deployments"] = Nodes([]) };

    public static JsonObject Head(GitHubState.Repository repository, bool withHistory) =>
        new() { ["name"] = "main", ["target"] = Commit(repository, repository.Line.Head.Sha, withHistory) };

    public static JsonObject Commit(GitHubState.Repository repository, string sha, bool withHistory)
    {
        var commit = new JsonObject { ["oid"] = sha, ["statusCheckRollup"] = null, ["checkSuites"] = Nodes([]), ["deployments"] = Nodes([]) };
        if (withHistory && repository.Line.TryFind(sha, out var found)) commit["history"] = Nodes(Page(found).Take(PageSize));
        return commit;
    }

    public static JsonObject Nodes(IEnumerable<JsonNode?> nodes) => new() { ["pageInfo"] = new JsonObject { ["hasNextPage"] = false, ["endCursor"] = null }, ["nodes"] = new JsonArray([.. nodes]) };

    // By time, those of merged branches among the line's own, as GitHub lists them.
    private static IEnumerable<JsonNode?> Page(WorldCommit from)
    {
        for (var at = from; at is not null; at = at.Parent)
        {
            string[] parents = at.Parent is null ? [] : at.Merged is null ? [at.Parent.Sha] : [at.Parent.Sha, at.Merged];
            yield return Node(at.Sha, at.At, at.Message, parents);
            if (at is { Merged: { } merged, Change: { } change }) yield return Node(merged, change.Pull.CreatedAt, CommitMessages.OfBranch(change), [change.Pull.BaseSha]);
        }
    }

    private static JsonObject Node(string sha, DateTimeOffset at, string message, string[] parents) => new()
    {
        ["oid"] = sha,
        ["committedDate"] = GitHubJson.Time(at),
        ["message"] = message,
        ["parents"] = new JsonObject { ["totalCount"] = parents.Length, ["nodes"] = new JsonArray([.. parents.Select(static p => (JsonNode?)new JsonObject { ["oid"] = p })]) },
    };
}
