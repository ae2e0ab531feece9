using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>
/// Answers the batch queries that name what they want by alias: <c>r0: repository(owner: "o", name: "n") { p12: pullRequest(number: 12) … c0: object(oid: "sha") … l0: ref(…) … }</c>.
/// Not a GraphQL engine: it finds the aliases and returns every field that a reader of pull requests and branches asks for, wanted or not;
/// only the history of commits is left out of a query that does not have the word.
/// </summary>
internal static partial class GitHubGraphQl
{
    private const int RegexTimeoutMilliseconds = 1_000;

    public static JsonObject Answer(SourceHostState host, string query, int remaining, DateTimeOffset resetAt)
    {
        var data = new JsonObject
        {
            ["rateLimit"] = new JsonObject { ["cost"] = 1, ["remaining"] = Math.Max(1, remaining), ["resetAt"] = GitHubJson.Time(resetAt) },
        };
        var errors = new List<JsonNode?>();
        SourceHostState.Repository? repository = null;
        JsonObject? answer = null;
        string repositoryAlias = "";
        bool withHistory = query.Contains("history(", StringComparison.Ordinal);
        foreach (Match match in Alias().Matches(query))
        {
            string alias = match.Groups["alias"].Value, field = match.Groups["field"].Value;
            if (field == "repository")
            {
                repositoryAlias = alias;
                string name = $"{Argument(match, "owner")}/{Argument(match, "name")}";
                answer = host.TryFind(name, out repository) ? GitHubHistory.Lines(repository) : null;
                data[alias] = answer;
                if (answer is null) errors.Add(NotFound($"Could not resolve to a Repository with the name '{name}'.", alias));
            }
            else if (answer is not null && repository is not null && field == "pullRequest")
            {
                string number = Argument(match, "number");
                answer[alias] = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && repository.Pulls.TryGetValue(n, out var pull)
                    ? Pull(host.Address, pull)
                    : null;
                if (answer[alias] is null) errors.Add(NotFound($"Could not resolve to a PullRequest with the number of {number}.", repositoryAlias, alias));
            }
            else if (answer is not null && repository is not null && field == "ref")
            {
                answer[alias] = Argument(match, "qualifiedName") == "refs/heads/main" ? GitHubHistory.Head(repository, withHistory) : null;
            }
            else if (answer is not null && repository is not null)
            {
                string oid = Argument(match, "oid");
                answer[alias] = SourceHostState.HasCommit(repository, oid) ? GitHubHistory.Commit(repository, oid, withHistory) : null;
            }
        }
        var json = new JsonObject { ["data"] = data };
        if (errors.Count > 0) json["errors"] = new JsonArray([.. errors]);
        return json;
    }

    private static JsonObject Pull(Uri address, PullRequest pull) => new()
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"PR_{pull.Id}"),
        ["number"] = pull.Number,
        ["title"] = pull.Title,
        ["body"] = pull.Body,
        ["url"] = GitHubJson.PullUrl(address, pull),
        ["state"] = pull.MergedAt is not null ? "MERGED" : pull.IsOpen ? "OPEN" : "CLOSED",
        ["isDraft"] = pull.IsDraft,
        ["merged"] = pull.MergedAt is not null,
        ["createdAt"] = GitHubJson.Time(pull.CreatedAt),
        ["updatedAt"] = GitHubJson.Time(pull.UpdatedAt),
        ["closedAt"] = GitHubJson.Time(pull.ClosedAt),
        ["mergedAt"] = GitHubJson.Time(pull.MergedAt),
        ["headRefOid"] = pull.HeadSha,
        ["headRefName"] = pull.Branch,
        ["headRepository"] = new JsonObject { ["nameWithOwner"] = pull.Repository },
        ["baseRefName"] = "main",
        ["baseRefOid"] = pull.BaseSha,
        ["mergeCommit"] = pull.MergeSha is null ? null : new JsonObject { ["oid"] = pull.MergeSha },
        ["author"] = Actor(pull.Author),
        ["labels"] = GitHubHistory.Nodes([]),
        ["reviewDecision"] = Latest(pull).Select(GitHubJson.State).FirstOrDefault(),
        ["latestOpinionatedReviews"] = GitHubHistory.Nodes(Latest(pull).Select(review => (JsonNode?)new JsonObject
        {
            ["databaseId"] = review.Id,
            ["state"] = GitHubJson.State(review),
            ["submittedAt"] = GitHubJson.Time(review.SubmittedAt),
            ["url"] = GitHubJson.ReviewUrl(address, pull, review),
            ["author"] = Actor(review.Reviewer),
            ["commit"] = new JsonObject { ["oid"] = review.Commit },
        })),
    };

    private static IEnumerable<PullRequestReview> Latest(PullRequest pull) => pull.Reviews.GroupBy(static r => r.Reviewer).Select(static r => r.Last());

    private static JsonObject Actor(string login) => new() { ["__typename"] = "User", ["login"] = login };

    private static JsonObject NotFound(string message, params string[] path) => new()
    {
        ["type"] = "NOT_FOUND",
        ["path"] = new JsonArray([.. path.Select(static p => (JsonNode?)p)]),
        ["message"] = message,
    };

    private static string Argument(Match match, string name)
    {
        foreach (Match argument in ArgumentPattern().Matches(match.Groups["arguments"].Value))
            if (argument.Groups["name"].Value == name)
                return argument.Groups["value"].Value;
        return "";
    }

    [GeneratedRegex("""(?<alias>\w+)\s*:\s*(?<field>repository|pullRequest|object|ref)\s*\((?<arguments>[^)]*)\)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, RegexTimeoutMilliseconds)]
    private static partial Regex Alias();

    [GeneratedRegex("(?<name>\\w+)\\s*:\\s*\"?(?<value>[^\",\\s]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, RegexTimeoutMilliseconds)]
    private static partial Regex ArgumentPattern();
}
