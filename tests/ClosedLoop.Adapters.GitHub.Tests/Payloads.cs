using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Small payloads in the documented shape, with only the fields that matter and a few that must not.</summary>
internal static class Payloads
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public const string Repository = "acme/web";
    public static readonly string Head = new('a', 40);
    public static readonly string Landing = new('b', 40);
    public static readonly string TestMerge = new('c', 40);

    public static string At(int seconds) => Start.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject Repo(string name = Repository) => new()
    {
        ["id"] = 186853002L,
        ["full_name"] = name,
        ["default_branch"] = "main",
        // A push writes these two as numbers, everything else as text.
        ["created_at"] = "2019-05-15T15:19:25Z",
    };

    public static JsonObject User(string login, string type = "User") => new() { ["login"] = login, ["id"] = 21031067L, ["type"] = type };

    /// <summary>A pull request event; every action carries the whole state.</summary>
    public static JsonObject PullRequest(string action, int updated, Action<JsonObject>? change = null, int number = 12)
    {
        var pull = new JsonObject
        {
            ["id"] = 279147437L,
            ["number"] = number,
            ["state"] = "open",
            ["title"] = "Fix login",
            ["body"] = "Sessions expire too early.\r\n\r\nWork-Item: BL-42\r\n",
            ["html_url"] = $"https://github.com/acme/web/pull/{number}",
            ["user"] = User("builder-7"),
            ["draft"] = false,
            ["created_at"] = At(0),
            ["updated_at"] = At(updated),
            ["closed_at"] = null,
            ["merged_at"] = null,
            ["merge_commit_sha"] = TestMerge,
            ["merged"] = false,
            ["commits"] = 1,
            ["labels"] = new JsonArray(new JsonObject { ["name"] = "bug" }),
            ["head"] = new JsonObject { ["ref"] = "fix-login", ["sha"] = Head, ["repo"] = Repo() },
            ["base"] = new JsonObject { ["ref"] = "main", ["sha"] = new string('d', 40), ["repo"] = Repo() },
        };
        change?.Invoke(pull);
        return new JsonObject { ["action"] = action, ["number"] = number, ["pull_request"] = pull, ["repository"] = Repo(), ["sender"] = User("builder-7") };
    }

    public static JsonObject Merged(int updated, int merged = 30, Action<JsonObject>? change = null, int number = 12, string? landing = null) => PullRequest(
        "closed",
        updated,
        pull =>
        {
            pull["state"] = "closed";
            pull["merged"] = true;
            pull["merged_at"] = At(merged);
            pull["closed_at"] = At(merged);
            pull["merge_commit_sha"] = landing ?? Landing;
            change?.Invoke(pull);
        },
        number);

    public static JsonObject Closed(int updated, int closed = 30) => PullRequest("closed", updated, pull =>
    {
        pull["state"] = "closed";
        pull["closed_at"] = At(closed);
    });

    public static JsonObject Review(string action, string state, int submitted, long id = 9001, string reviewer = "ann", string type = "User") => new()
    {
        ["action"] = action,
        ["review"] = new JsonObject
        {
            ["id"] = id,
            ["user"] = User(reviewer, type),
            ["state"] = state,
            ["submitted_at"] = At(submitted),
            ["commit_id"] = Head,
            ["html_url"] = $"https://github.com/acme/web/pull/12#pullrequestreview-{id}",
        },
        ["pull_request"] = new JsonObject { ["number"] = 12, ["user"] = User("builder-7") },
        ["repository"] = Repo(),
    };

    public static JsonObject CheckRun(string status, string? conclusion, int started, int? completed = null, long id = 501, string name = "test", string? sha = null) => new()
    {
        ["action"] = status == "completed" ? "completed" : "created",
        ["check_run"] = new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["head_sha"] = sha ?? Landing,
            ["status"] = status,
            ["conclusion"] = conclusion,
            ["started_at"] = At(started),
            ["completed_at"] = completed is { } at ? At(at) : null,
            ["details_url"] = $"https://github.com/acme/web/actions/runs/77/job/{id}",
            ["pull_requests"] = new JsonArray(),
        },
        ["repository"] = Repo(),
    };

    public static JsonObject Status(string state, int created, string context = "jenkins/build", long id = 6805126730) => new()
    {
        ["id"] = id,
        ["sha"] = Landing,
        ["name"] = Repository,
        ["context"] = context,
        ["state"] = state,
        ["target_url"] = "https://ci.acme.example/job/web/311/",
        ["created_at"] = At(created),
        ["updated_at"] = At(created),
        ["repository"] = Repo(),
    };

    public static JsonObject WorkflowRun(string status, string? conclusion, int updated, long id = 2001, int attempt = 1, string trigger = "push", string name = "CI", string path = ".github/workflows/ci.yml", string? sha = null) => new()
    {
        ["action"] = status == "completed" ? "completed" : "requested",
        ["workflow_run"] = new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["path"] = path,
            ["event"] = trigger,
            ["head_branch"] = "main",
            ["head_sha"] = sha ?? Landing,
            ["status"] = status,
            ["conclusion"] = conclusion,
            ["run_number"] = 311,
            ["run_attempt"] = attempt,
            ["html_url"] = $"https://github.com/acme/web/actions/runs/{id}",
            ["created_at"] = At(31),
            ["run_started_at"] = At(32),
            ["updated_at"] = At(updated),
        },
        ["workflow"] = new JsonObject { ["name"] = name, ["path"] = path },
        ["repository"] = Repo(),
    };

    public static JsonObject Push(string after, int pushed, string branch = "refs/heads/main", Action<JsonObject>? change = null, params (string Message, bool Distinct)[] commits)
    {
        var repository = Repo();
        repository["pushed_at"] = Start.AddSeconds(pushed).ToUnixTimeSeconds();
        repository["created_at"] = 1557933565;
        var push = new JsonObject
        {
            ["ref"] = branch,
            ["before"] = new string('d', 40),
            ["after"] = after,
            ["created"] = false,
            ["deleted"] = false,
            ["forced"] = false,
            ["compare"] = "https://github.com/acme/web/compare/d...e",
            ["commits"] = new JsonArray([.. commits.Select((c, i) => new JsonObject { ["id"] = i == commits.Length - 1 ? after : new string((char)('1' + i), 40), ["message"] = c.Message, ["distinct"] = c.Distinct })]),
            ["head_commit"] = new JsonObject { ["id"] = after, ["timestamp"] = "2026-03-02T01:00:00-08:00", ["url"] = $"https://github.com/acme/web/commit/{after}", ["message"] = commits.LastOrDefault().Message },
            ["repository"] = repository,
        };
        change?.Invoke(push);
        return push;
    }

    /// <summary>A merge queue's group of #12; when it is destroyed, why.</summary>
    public static JsonObject MergeGroup(string action, string? reason = null, string? sha = null, string? reference = null)
    {
        var payload = new JsonObject
        {
            ["action"] = action,
            ["merge_group"] = new JsonObject
            {
                ["head_sha"] = sha ?? new string('e', 40),
                ["head_ref"] = reference ?? $"refs/heads/gh-readonly-queue/main/pr-12-{new string('d', 40)}",
                ["base_sha"] = new string('d', 40),
                ["base_ref"] = "refs/heads/main",
                // In GitHub's own example this is another commit than head_sha.
                ["head_commit"] = new JsonObject { ["id"] = new string('f', 40), ["message"] = "Merge pull request #12", ["timestamp"] = At(20) },
            },
            ["repository"] = Repo(),
        };
        if (reason is not null) payload["reason"] = reason;
        return payload;
    }

    public static JsonObject Enqueued(int updated = 20) => PullRequest("enqueued", updated);

    public static JsonObject Dequeued(string? reason, int updated = 25)
    {
        var payload = PullRequest("dequeued", updated);
        payload["reason"] = reason;
        return payload;
    }

    public static JsonObject Deployment(long id = 31, int created = 60) => new()
    {
        ["action"] = "created",
        ["deployment"] = DeploymentBody(id, created),
        ["repository"] = Repo(),
    };

    public static JsonObject DeploymentStatus(string state, int created, long id = 31, long status = 900, string environment = "production") => new()
    {
        ["action"] = "created",
        ["deployment_status"] = new JsonObject
        {
            ["id"] = status,
            ["state"] = state,
            ["environment"] = environment,
            ["target_url"] = "",
            ["log_url"] = $"https://deploy.acme.example/{id}",
            ["created_at"] = At(created),
            ["updated_at"] = At(created + 5000),
        },
        ["deployment"] = DeploymentBody(id, 60, environment),
        ["repository"] = Repo(),
    };

    private static JsonObject DeploymentBody(long id, int created, string environment = "production") => new()
    {
        ["id"] = id,
        ["sha"] = Landing,
        ["ref"] = "main",
        ["task"] = "deploy",
        ["environment"] = environment,
        ["created_at"] = At(created),
        ["updated_at"] = At(created + 9000),
    };
}
