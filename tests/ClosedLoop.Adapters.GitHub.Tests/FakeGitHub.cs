using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClosedLoop.Adapters.GitHub.Probing;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>GitHub's API over the same payloads that the webhooks carry: what both paths say must be equal.</summary>
internal sealed partial class FakeGitHub : HttpMessageHandler
{
    private readonly SortedDictionary<string, JsonObject> _repositories = new(StringComparer.Ordinal);

    public FakeGitHub() => Repository("acme/web");

    /// <summary>Branches and history of acme/web.</summary>
    public FakeLines Lines { get; } = new();

    public ManualTimeProvider Clock { get; } = new(Payloads.Start.AddHours(1));

    public List<(HttpRequestMessage Request, string Body)> Requests { get; } = [];

    /// <summary>Answers instead of the fake when it returns something.</summary>
    public Func<HttpRequestMessage, string, HttpResponseMessage?>? Intercept { get; set; }

    /// <summary>Added to every GraphQL answer.</summary>
    public JsonArray Errors { get; } = [];

    public string? ETag { get; set; }

    /// <summary>Whether answers say when they were made.</summary>
    public bool HasDate { get; set; } = true;

    public int? Remaining { get; set; }

    public IEnumerable<string> Queries => Requests.Where(static r => r.Request.Method == HttpMethod.Post).Select(static r => JsonNode.Parse(r.Body)!["query"]!.GetValue<string>());

    public IEnumerable<Uri> Lists => Requests.Where(static r => r.Request.Method == HttpMethod.Get).Select(static r => r.Request.RequestUri!);

    public JsonObject Repository(string name)
    {
        if (!_repositories.TryGetValue(name, out var repository))
            _repositories[name] = repository = new JsonObject { ["pulls"] = new JsonObject(), ["commits"] = new JsonObject() };
        return repository;
    }

    public FakeGitHub WithoutRepository(string name)
    {
        _repositories.Remove(name);
        return this;
    }

    /// <summary>Puts the pull request of a webhook's payload here, with its reviews.</summary>
    public FakeGitHub Add(JsonObject payload, params JsonObject[] reviews)
    {
        var rest = payload["pull_request"]!;
        bool merged = rest["merged_at"] is not null;
        Repository("acme/web")["pulls"]![rest["number"]!.ToString()] = new JsonObject
        {
            ["number"] = rest["number"]!.DeepClone(),
            ["title"] = rest["title"]!.DeepClone(),
            ["body"] = rest["body"]?.DeepClone() ?? "",
            ["url"] = rest["html_url"]!.DeepClone(),
            ["state"] = merged ? "MERGED" : rest["state"]!.GetValue<string>().ToUpperInvariant(),
            ["isDraft"] = rest["draft"]!.DeepClone(),
            ["createdAt"] = rest["created_at"]!.DeepClone(),
            ["updatedAt"] = rest["updated_at"]!.DeepClone(),
            ["closedAt"] = rest["closed_at"]?.DeepClone(),
            ["mergedAt"] = rest["merged_at"]?.DeepClone(),
            ["headRefOid"] = rest["head"]!["sha"]!.DeepClone(),
            ["headRefName"] = rest["head"]!["ref"]!.DeepClone(),
            ["headRepository"] = rest["head"]!["repo"] is { } repo ? new JsonObject { ["nameWithOwner"] = repo["full_name"]!.DeepClone() } : null,
            ["baseRefName"] = rest["base"]!["ref"]!.DeepClone(),
            ["commits"] = new JsonObject { ["totalCount"] = rest["commits"]!.DeepClone() },
            ["mergeCommit"] = merged ? new JsonObject { ["oid"] = rest["merge_commit_sha"]!.DeepClone() } : null,
            ["author"] = Actor(rest["user"]!),
            ["labels"] = new JsonObject { ["nodes"] = new JsonArray([.. rest["labels"]!.AsArray().Select(static l => l!.DeepClone()).Reverse()]) },
            ["latestOpinionatedReviews"] = new JsonObject
            {
                ["pageInfo"] = new JsonObject { ["hasNextPage"] = false },
                ["nodes"] = new JsonArray([.. reviews.Select(static r => r["review"]!).Select(static review => new JsonObject
                {
                    ["databaseId"] = review["id"]!.DeepClone(),
                    ["state"] = review["state"]!.GetValue<string>().ToUpperInvariant(),
                    ["submittedAt"] = review["submitted_at"]!.DeepClone(),
                    ["url"] = review["html_url"]!.DeepClone(),
                    ["author"] = Actor(review["user"]!),
                    ["commit"] = new JsonObject { ["oid"] = review["commit_id"]!.DeepClone() },
                })]),
            },
        };
        return this;
    }

    /// <summary>Puts the checks of webhooks' payloads (check_run and status) on the landing, under GitHub's own sum.</summary>
    public JsonObject Checks(string state, params JsonObject[] payloads) => Checks(state, Payloads.Landing, payloads);

    public JsonObject Checks(string state, string sha, params JsonObject[] payloads)
    {
        var commit = new JsonObject
        {
            ["oid"] = sha,
            ["statusCheckRollup"] = new JsonObject { ["state"] = state, ["contexts"] = Contexts(payloads) },
            ["checkSuites"] = new JsonObject { ["pageInfo"] = new JsonObject { ["hasNextPage"] = false }, ["nodes"] = new JsonArray() },
            ["deployments"] = new JsonObject { ["nodes"] = new JsonArray() },
        };
        Repository("acme/web")["commits"]![sha] = commit;
        return commit;
    }

    public static JsonObject Contexts(JsonObject[] payloads, string? cursor = null, int? total = null) => new()
    {
        ["totalCount"] = total ?? payloads.Length,
        ["pageInfo"] = new JsonObject { ["hasNextPage"] = cursor is not null, ["endCursor"] = cursor },
        ["nodes"] = new JsonArray([.. payloads.Select(static p => p["check_run"] is { } run
            ? new JsonObject
            {
                ["__typename"] = "CheckRun",
                ["databaseId"] = run["id"]!.DeepClone(),
                ["name"] = run["name"]!.DeepClone(),
                ["status"] = run["status"]!.GetValue<string>().ToUpperInvariant(),
                ["conclusion"] = run["conclusion"]?.GetValue<string>().ToUpperInvariant(),
                ["startedAt"] = run["started_at"]?.DeepClone(),
                ["completedAt"] = run["completed_at"]?.DeepClone(),
                ["detailsUrl"] = run["details_url"]!.DeepClone(),
            }
            : new JsonObject
            {
                ["__typename"] = "StatusContext",
                ["context"] = p["context"]!.DeepClone(),
                ["state"] = p["state"]!.GetValue<string>().ToUpperInvariant(),
                ["createdAt"] = p["created_at"]!.DeepClone(),
                ["targetUrl"] = p["target_url"]!.DeepClone(),
            })]),
    };

    public GitHubProbe Probe(Action<GitHubOptions>? configure = null)
    {
        var settings = new GitHubSettings(Hook.Options(o =>
        {
            o.Token = "ghp_secret_token";
            configure?.Invoke(o);
        }));
        return new GitHubProbe(settings, new GitHubClient(new HttpClient(this, disposeHandler: false), new StaticToken("ghp_secret_token"), settings, Clock, null));
    }

    public Task<ProbeResult> ReadAsync(params Key[] keys) => ReadAsync(Probe(), null, keys);

    public async Task<ProbeResult> ReadAsync(GitHubProbe probe, params LineGap[] lines) =>
        await probe.ProbeAsync(new ProbeBatch { Source = "github", Lines = [.. lines], At = Clock.GetUtcNow() }, CancellationToken.None);

    public async Task<ProbeResult> ReadAsync(GitHubProbe probe, DateTimeOffset? since, params Key[] keys) =>
        await probe.ProbeAsync(new ProbeBatch { Source = "github", Keys = [.. keys], SweepSince = since, At = Clock.GetUtcNow() }, CancellationToken.None);

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Status(int status, string body = "{}", params (string Name, string Value)[] headers)
    {
        var response = Json(body, (HttpStatusCode)status);
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add((request, body));
        var response = Intercept?.Invoke(request, body) ?? Answer(request, body);
        response.RequestMessage ??= request;
        if (HasDate) response.Headers.Date ??= Clock.GetUtcNow();
        if (Remaining is { } remaining)
        {
            response.Headers.TryAddWithoutValidation("x-ratelimit-remaining", remaining.ToString());
            response.Headers.TryAddWithoutValidation("x-ratelimit-reset", Clock.GetUtcNow().AddMinutes(20).ToUnixTimeSeconds().ToString());
        }
        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string body)
    {
        if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath == "/graphql") return Json(Query(JsonNode.Parse(body)!["query"]!.GetValue<string>()).ToJsonString());
        var list = ListAddress().Match(request.RequestUri!.AbsolutePath);
        if (!list.Success || !_repositories.TryGetValue(list.Groups[1].Value, out var repository)) return Status(404, """{"message":"Not Found"}""");
        if (ETag is not null && request.Headers.TryGetValues("If-None-Match", out var sent) && sent.Single() == ETag) return Status(304, "");
        var pulls = new JsonArray([.. repository["pulls"]!.AsObject().Select(static p => new JsonObject { ["number"] = p.Value!["number"]!.DeepClone(), ["updated_at"] = p.Value["updatedAt"]!.DeepClone() })
            .OrderByDescending(static p => p["updated_at"]!.GetValue<string>(), StringComparer.Ordinal)]);
        var response = Json(pulls.ToJsonString());
        if (ETag is not null) response.Headers.TryAddWithoutValidation("ETag", ETag);
        return response;
    }

    private JsonObject Query(string query)
    {
        var data = new JsonObject();
        var errors = new JsonArray([.. Errors.Select(static e => e!.DeepClone())]);
        foreach (Match block in RepositoryBlock().Matches(query))
        {
            string alias = block.Groups[1].Value, name = $"{block.Groups[2].Value}/{block.Groups[3].Value}";
            if (!_repositories.TryGetValue(name, out var repository))
            {
                data[alias] = null;
                errors.Add(new JsonObject { ["type"] = "NOT_FOUND", ["path"] = new JsonArray(alias), ["message"] = $"Could not resolve to a Repository with the name '{name}'." });
                continue;
            }
            var found = new JsonObject();
            data[alias] = found;
            foreach (Match pull in PullAlias().Matches(block.Groups[4].Value))
            {
                found[pull.Groups[1].Value] = repository["pulls"]![pull.Groups[2].Value]?.DeepClone();
                if (found[pull.Groups[1].Value] is null)
                    errors.Add(new JsonObject { ["type"] = "NOT_FOUND", ["path"] = new JsonArray(alias, pull.Groups[1].Value), ["message"] = "Could not resolve to a PullRequest." });
            }
            foreach (Match commit in CommitAlias().Matches(block.Groups[4].Value))
                found[commit.Groups[1].Value] = repository["commits"]![commit.Groups[2].Value]?.DeepClone();
            if (name == "acme/web") Lines.Answer(query, block.Groups[4].Value, repository["commits"]!.AsObject(), found);
        }
        var answer = new JsonObject { ["data"] = data };
        if (errors.Count > 0) answer["errors"] = errors;
        return answer;
    }

    private static JsonObject Actor(JsonNode user) => new()
    {
        ["__typename"] = user["type"]!.DeepClone(),
        // GraphQL names bots without the suffix that REST gives them.
        ["login"] = user["login"]!.GetValue<string>().Replace("[bot]", "", StringComparison.Ordinal),
    };

    [GeneratedRegex("""^/repos/([^/]+/[^/]+)/pulls$""")]
    private static partial Regex ListAddress();

    [GeneratedRegex("""(r\d+): repository\(owner: "([^"]+)", name: "([^"]+)"\) \{ nameWithOwner\n(.*?)\n  \}""", RegexOptions.Singleline)]
    private static partial Regex RepositoryBlock();

    [GeneratedRegex("""(p\d+): pullRequest\(number: (\d+)\)""")]
    private static partial Regex PullAlias();

    [GeneratedRegex("""(c\d+): object\(oid: "([0-9a-f]+)"\)""")]
    private static partial Regex CommitAlias();
}
