using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>Small payloads in the documented shape of GitHub and of Jenkins' notification plugin.</summary>
internal static class Payload
{
    public const string Repository = "acme/web";

    /// <summary>An hour ago, in whole seconds as GitHub writes them: everything in a test lies in the past.</summary>
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds());

    public static string Sha(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    public static string At(int seconds) => At(Start.AddSeconds(seconds));

    public static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject PullRequest(string action, int number, string? item, int updated, Action<JsonObject>? change = null, string repository = Repository)
    {
        var pull = new JsonObject
        {
            ["id"] = 279147000L + number,
            ["number"] = number,
            ["state"] = "open",
            ["title"] = $"Change {number}",
            ["body"] = item is null ? null : $"Why it is needed.\r\n\r\nWork-Item: {item}\r\n",
            ["html_url"] = $"https://github.com/{repository}/pull/{number}",
            ["user"] = User("builder-7"),
            ["draft"] = false,
            ["created_at"] = At(0),
            ["updated_at"] = At(updated),
            ["closed_at"] = null,
            ["merged_at"] = null,
            // GitHub's test merge: it means nothing before the merge.
            ["merge_commit_sha"] = Sha(900_000 + number),
            ["merged"] = false,
            ["commits"] = 1,
            ["labels"] = new JsonArray(),
            ["head"] = new JsonObject { ["ref"] = $"change-{number}", ["sha"] = Sha(1_000 + number), ["repo"] = Repo(repository) },
            ["base"] = new JsonObject { ["ref"] = "main", ["sha"] = Sha(1), ["repo"] = Repo(repository) },
        };
        change?.Invoke(pull);
        return new JsonObject { ["action"] = action, ["number"] = number, ["pull_request"] = pull, ["repository"] = Repo(repository), ["sender"] = User("builder-7") };
    }

    public static JsonObject Merged(int number, string? item, int merged, string landing, string repository = Repository) => PullRequest(
        "closed",
        number,
        item,
        merged,
        pull =>
        {
            pull["state"] = "closed";
            pull["merged"] = true;
            pull["merged_at"] = At(merged);
            pull["closed_at"] = At(merged);
            pull["merge_commit_sha"] = landing;
        },
        repository);

    public static JsonObject Review(int number, string state, int submitted, string reviewer = "ann", string repository = Repository) => new()
    {
        ["action"] = "submitted",
        ["review"] = new JsonObject
        {
            ["id"] = 9_000L + submitted,
            ["user"] = User(reviewer),
            ["state"] = state,
            ["submitted_at"] = At(submitted),
            ["commit_id"] = Sha(1_000 + number),
            ["html_url"] = $"https://github.com/{repository}/pull/{number}#pullrequestreview-1",
        },
        ["pull_request"] = new JsonObject { ["number"] = number, ["user"] = User("builder-7") },
        ["repository"] = Repo(repository),
    };

    public static JsonObject CheckRun(string sha, string? conclusion, int started, string repository = Repository) => new()
    {
        ["action"] = conclusion is null ? "created" : "completed",
        ["check_run"] = new JsonObject
        {
            ["id"] = 501L + started,
            ["name"] = "lint",
            ["head_sha"] = sha,
            ["status"] = conclusion is null ? "in_progress" : "completed",
            ["conclusion"] = conclusion,
            ["started_at"] = At(started),
            ["completed_at"] = conclusion is null ? null : At(started + 5),
            ["pull_requests"] = new JsonArray(),
        },
        ["repository"] = Repo(repository),
    };

    public static JsonObject WorkflowRun(string sha, string? conclusion, int updated, string trigger = "push", string repository = Repository) => new()
    {
        ["action"] = conclusion is null ? "requested" : "completed",
        ["workflow_run"] = new JsonObject
        {
            ["id"] = 2_001L,
            ["name"] = "CI",
            ["path"] = ".github/workflows/ci.yml",
            ["event"] = trigger,
            ["head_branch"] = "main",
            ["head_sha"] = sha,
            ["status"] = conclusion is null ? "in_progress" : "completed",
            ["conclusion"] = conclusion,
            ["run_number"] = 311,
            ["run_attempt"] = 1,
            ["html_url"] = $"https://github.com/{repository}/actions/runs/2001",
            ["created_at"] = At(31),
            ["run_started_at"] = At(32),
            ["updated_at"] = At(updated),
        },
        ["repository"] = Repo(repository),
    };

    public static JsonObject MergeGroup(string action) => new()
    {
        ["action"] = action,
        ["merge_group"] = new JsonObject
        {
            ["head_sha"] = Sha(77),
            ["head_ref"] = $"refs/heads/gh-readonly-queue/main/pr-12-{Sha(1)}",
            ["base_sha"] = Sha(1),
            ["base_ref"] = "refs/heads/main",
        },
        ["repository"] = Repo(Repository),
    };

    /// <summary>What the notification plugin sends; <paramref name="status"/> null while the build runs.</summary>
    public static JsonObject JenkinsBuild(int number, string phase, string? status, string commit, int at) => new()
    {
        ["name"] = "web-main",
        ["url"] = "job/web-main/",
        ["build"] = new JsonObject
        {
            ["full_url"] = $"{StackHost.JenkinsRoot}job/web-main/{number}/",
            ["number"] = number,
            ["queue_id"] = number,
            ["timestamp"] = Start.AddSeconds(at).ToUnixTimeMilliseconds(),
            ["duration"] = status is null ? 0 : 61_000,
            ["phase"] = phase,
            ["status"] = status,
            ["url"] = $"job/web-main/{number}/",
            ["scm"] = new JsonObject { ["url"] = "https://github.com/acme/web.git", ["branch"] = "origin/main", ["commit"] = commit },
        },
    };

    public static JsonObject Open(string id, params string[] keys) => new()
    {
        ["id"] = id,
        ["title"] = "Fix login",
        ["agent"] = new JsonObject { ["name"] = "builder-7", ["model"] = "m-1", ["session"] = "s-1" },
        ["keys"] = new JsonArray([.. keys.Select(static k => JsonValue.Create(k))]),
    };

    public static JsonObject Record(string gate, string status = "passed") => new()
    {
        ["gate"] = gate,
        ["status"] = status,
        ["detail"] = "it is so",
        ["evidence"] = new JsonObject { ["url"] = "https://ci.acme.example/1", ["label"] = "build 1" },
    };

    private static JsonObject Repo(string name) => new() { ["id"] = 186853002L, ["full_name"] = name, ["default_branch"] = "main" };

    private static JsonObject User(string login) => new() { ["login"] = login, ["id"] = 21031067L, ["type"] = "User" };
}
