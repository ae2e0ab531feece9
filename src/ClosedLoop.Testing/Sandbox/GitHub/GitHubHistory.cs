using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>Branches, commits and their history in the shapes of GitHub's GraphQL API.</summary>
internal static class GitHubHistory
{
    private const int PageSize = 100;

    /// <summary>The parts of a repository that stand under their own names: its default branch, and deployments, which are none here.</summary>
    public static JsonObject Lines(SourceHostState.Repository repository) => new() { ["defaultBranchRef"] = Head(repository, withHistory: false), ["deployments"] = Nodes([]) };

    public static JsonObject Head(SourceHostState.Repository repository, bool withHistory) =>
        new() { ["name"] = "main", ["target"] = Commit(repository, repository.Line.Head.Sha, withHistory) };

    public static JsonObject Commit(SourceHostState.Repository repository, string sha, bool withHistory)
    {
        var commit = new JsonObject { ["oid"] = sha, ["statusCheckRollup"] = null, ["checkSuites"] = Nodes([]), ["deployments"] = Nodes([]) };
        if (withHistory && repository.Line.TryFind(sha, out var found)) commit["history"] = Nodes(SourceHistory.Of(found).Take(PageSize).Select(Node));
        return commit;
    }

    public static JsonObject Nodes(IEnumerable<JsonNode?> nodes) => new() { ["pageInfo"] = new JsonObject { ["hasNextPage"] = false, ["endCursor"] = null }, ["nodes"] = new JsonArray([.. nodes]) };

    private static JsonObject Node(SourceCommit commit) => new()
    {
        ["oid"] = commit.Sha,
        ["committedDate"] = GitHubJson.Time(commit.At),
        ["message"] = commit.Message,
        ["parents"] = new JsonObject { ["totalCount"] = commit.Parents.Count, ["nodes"] = new JsonArray([.. commit.Parents.Select(static p => (JsonNode?)new JsonObject { ["oid"] = p })]) },
    };
}
