using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Gitea.Tests;

/// <summary>Plays one repository of Gitea or Forgejo on a loopback port. Its state is what the API shows; each change of it also gives the webhook that would be sent.</summary>
internal sealed class FakeGitea : IAsyncDisposable
{
    public const string Repository = "Acme/Web", Token = "canarytoken4711", Secret = "canary-webhook-secret-0815";

    private readonly WebApplication _app;
    private long _ids = 100;

    private FakeGitea(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ManualTimeProvider Clock { get; } = new();

    public SortedDictionary<int, JsonObject> Pulls { get; } = [];

    public Dictionary<int, List<JsonObject>> Reviews { get; } = [];

    public Dictionary<string, List<JsonObject>> Statuses { get; } = [];

    public Dictionary<string, string> Branches { get; } = new() { ["main"] = Sha(1) };

    /// <summary>Newest first, merged ones between those of the line.</summary>
    public List<JsonObject> Commits { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string?> Tokens { get; } = [];

    /// <summary>Answers instead of Gitea when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static string Sha(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x8}{number:x32}");

    public static async Task<FakeGitea> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gitea = new FakeGitea(app);
        gitea.Commit(1, "First");
        app.Run(gitea.AnswerAsync);
        await app.StartAsync();
        gitea.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/git");
        return gitea;
    }

    public AdapterRegistration Adapter(Action<GiteaOptions>? change = null) => GiteaAdapter.Create(
        Given.Options(o =>
        {
            o.BaseAddress = Address;
            o.Token = Token;
            change?.Invoke(o);
        }),
        new HttpClient(SourceClient.CreateHandler()),
        Clock);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public string Commit(int number, string message, params int[] parents)
    {
        Commits.Insert(0, new JsonObject
        {
            ["sha"] = Sha(number),
            ["html_url"] = $"https://git.example/{Repository}/commit/{Sha(number)}",
            ["commit"] = new JsonObject { ["message"] = message, ["committer"] = new JsonObject { ["date"] = "2026-01-05T10:00:00+01:00" } },
            ["parents"] = new JsonArray([.. parents.Select(static p => (JsonNode)new JsonObject { ["sha"] = Sha(p) })]),
        });
        return Sha(number);
    }

    public JsonObject Open(int number, int head, string body = "Small fix.\n\nWork-Item: BL-42", string title = "A change")
    {
        Pulls[number] = new JsonObject
        {
            ["id"] = 1000 + number,
            ["number"] = number,
            ["html_url"] = $"https://git.example/{Repository}/pulls/{number}",
            ["user"] = new JsonObject { ["id"] = 7, ["login"] = "ann" },
            ["title"] = title,
            ["body"] = body,
            ["labels"] = new JsonArray(new JsonObject { ["id"] = 1, ["name"] = "backend" }),
            ["state"] = "open",
            ["draft"] = false,
            ["merged"] = false,
            ["merged_at"] = null,
            ["merge_commit_sha"] = null,
            ["base"] = new JsonObject { ["ref"] = "main", ["sha"] = Sha(1), ["repo"] = new JsonObject { ["full_name"] = Repository } },
            ["head"] = new JsonObject { ["ref"] = $"fix-{number}", ["sha"] = Sha(head), ["repo"] = new JsonObject { ["full_name"] = Repository } },
            ["created_at"] = Now(),
            ["updated_at"] = Now(),
            ["closed_at"] = null,
        };
        return Hook(number, "opened");
    }

    public JsonObject Update(int number, Action<JsonObject> change, string action)
    {
        change(Pulls[number]);
        Pulls[number]["updated_at"] = Now();
        return Hook(number, action);
    }

    public JsonObject Synchronize(int number, int head) => Update(number, p => p["head"]!["sha"] = Sha(head), "synchronized");

    public JsonObject Merge(int number, int landing)
    {
        Branches["main"] = Sha(landing);
        return Update(number, p => (p["state"], p["merged"], p["merged_at"], p["closed_at"], p["merge_commit_sha"]) = ("closed", true, Now(), Now(), Sha(landing)), "closed");
    }

    public JsonObject Review(int number, string state, string login = "bob")
    {
        if (!Reviews.TryGetValue(number, out var all)) Reviews[number] = all = [];
        all.Add(new JsonObject
        {
            ["id"] = _ids++,
            ["user"] = new JsonObject { ["login"] = login },
            ["state"] = state,
            ["commit_id"] = Pulls[number]["head"]!["sha"]!.DeepClone(),
            ["stale"] = false,
            ["official"] = true,
            ["dismissed"] = false,
            ["submitted_at"] = Now(),
            ["updated_at"] = Now(),
            ["html_url"] = $"https://git.example/{Repository}/pulls/{number}#issuecomment-9",
            ["pull_request_url"] = $"https://git.example/{Repository}/pulls/{number}",
        });
        string type = state switch { "APPROVED" => "approved", "REQUEST_CHANGES" => "rejected", _ => "comment" };
        return Update(number, static _ => { }, "reviewed").With(h =>
        {
            h["review"] = new JsonObject { ["type"] = $"pull_request_review_{type}", ["content"] = "" };
            h["sender"] = new JsonObject { ["login"] = login };
            h["event"] = $"pull_request_{type}";
        });
    }

    public JsonObject Status(int commit, string context, string state)
    {
        if (!Statuses.TryGetValue(Sha(commit), out var all)) Statuses[Sha(commit)] = all = [];
        long id = _ids++;
        all.RemoveAll(s => s["context"]!.ToString() == context);
        all.Add(new JsonObject
        {
            ["id"] = id,
            ["status"] = state,
            ["context"] = context,
            ["target_url"] = $"https://ci.example/{id}",
            ["created_at"] = Now(),
            ["updated_at"] = Now(),
            ["url"] = $"https://git.example/api/v1/repos/{Repository}/statuses/{Sha(commit)}",
        });
        return new JsonObject
        {
            ["event"] = "status",
            ["id"] = id,
            ["sha"] = Sha(commit),
            ["state"] = state,
            ["context"] = context,
            ["target_url"] = $"https://ci.example/{id}",
            ["created_at"] = Now(),
            ["updated_at"] = Now(),
            ["repository"] = RepositoryObject(),
            ["sender"] = new JsonObject { ["login"] = "ci" },
        };
    }

    public SortedDictionary<long, JsonObject> Runs { get; } = [];

    public JsonObject Run(long id, int commit, string status, string? conclusion = null, string trigger = "push", string branch = "main", int attempt = 1)
    {
        var hook = RunHook(id, commit, status, conclusion, trigger, branch, attempt);
        Runs[id] = (JsonObject)hook["workflow_run"]!.DeepClone();
        return hook;
    }

    private JsonObject RunHook(long id, int commit, string status, string? conclusion, string trigger, string branch, int attempt) => new()
    {
        ["event"] = "workflow_run",
        ["action"] = status == "completed" ? "completed" : "requested",
        ["workflow"] = new JsonObject { ["id"] = "ci.yml", ["name"] = "CI" },
        ["workflow_run"] = new JsonObject
        {
            ["id"] = id,
            ["run_number"] = id,
            ["run_attempt"] = attempt,
            ["event"] = trigger,
            ["status"] = status,
            ["conclusion"] = conclusion,
            ["path"] = "ci.yml@refs/heads/main",
            ["head_branch"] = branch,
            ["head_sha"] = Sha(commit),
            ["html_url"] = $"https://git.example/{Repository}/actions/runs/{id}",
            ["started_at"] = Now(),
            ["completed_at"] = status == "completed" ? Now() : "1970-01-01T01:00:00+01:00",
        },
        ["repository"] = RepositoryObject(),
        ["sender"] = new JsonObject { ["login"] = "ci" },
    };

    public JsonObject Push(int after, params (int Id, string Message)[] commits) => new()
    {
        ["event"] = "push",
        ["ref"] = "refs/heads/main",
        ["before"] = Sha(1),
        ["after"] = Sha(after),
        ["compare_url"] = "https://git.example/compare",
        ["commits"] = new JsonArray([.. commits.Select(c => new JsonObject
        {
            ["id"] = Sha(c.Id),
            ["message"] = c.Message,
            ["timestamp"] = "2026-01-05T10:00:00+01:00",
            ["added"] = new JsonArray(),
            ["removed"] = new JsonArray(),
            ["modified"] = new JsonArray("src/app.cs"),
        })]),
        ["repository"] = RepositoryObject(),
        ["pusher"] = new JsonObject { ["login"] = "ann" },
        ["sender"] = new JsonObject { ["login"] = "ann" },
    };

    public JsonObject Hook(int number, string action) => new()
    {
        ["event"] = action == "synchronized" ? "pull_request_sync" : "pull_request",
        ["action"] = action,
        ["number"] = number,
        ["pull_request"] = Pulls[number].DeepClone(),
        ["repository"] = RepositoryObject(),
        ["sender"] = new JsonObject { ["login"] = "ann" },
        ["commit_id"] = "",
        ["review"] = null,
    };

    private static JsonObject RepositoryObject() => new() { ["id"] = 30, ["full_name"] = Repository, ["default_branch"] = "main" };

    private string Now() => Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private async Task AnswerAsync(HttpContext context)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(raw);
        Tokens.Enqueue(context.Request.Headers.Authorization);
        context.Response.Headers.Date = Clock.GetUtcNow().ToString("R");
        if (Instead is not null && await Instead(context)) return;
        const string Prefix = "/git/api/v1/repos/acme/web";
        string path = raw.Split('?')[0];
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || context.Request.Headers.Authorization != $"token {Token}")
        {
            context.Response.StatusCode = path.StartsWith(Prefix, StringComparison.Ordinal) ? 401 : 404;
            return;
        }
        string[] parts = [.. path[Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        JsonNode? answer = parts switch
        {
            [] => RepositoryObject(),
            ["branches", .. var name] => Branches.TryGetValue(string.Join('/', name), out string? head) ? new JsonObject { ["name"] = string.Join('/', name), ["commit"] = new JsonObject { ["id"] = head } } : null,
            ["commits"] => Page(context, Commits.SkipWhile(c => c["sha"]!.ToString() != context.Request.Query["sha"])),
            ["commits", var sha, "status"] => Combined(context, sha),
            ["actions", "runs"] => new JsonObject { ["workflow_runs"] = Page(context, Runs.Values.Where(r => r["head_sha"]!.ToString() == context.Request.Query["head_sha"])), ["total_count"] = Runs.Count },
            ["pulls"] => Page(context, Pulls.Values.OrderByDescending(static p => p["updated_at"]!.ToString(), StringComparer.Ordinal)),
            ["pulls", var number] => Pulls.GetValueOrDefault(int.Parse(number, CultureInfo.InvariantCulture))?.DeepClone(),
            ["pulls", var number, "reviews"] => Page(context, Reviews.GetValueOrDefault(int.Parse(number, CultureInfo.InvariantCulture)) ?? []),
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonObject Combined(HttpContext context, string sha)
    {
        var all = Statuses.GetValueOrDefault(sha) ?? [];
        return new JsonObject { ["sha"] = sha, ["state"] = "pending", ["statuses"] = Page(context, all), ["total_count"] = all.Count, ["repository"] = RepositoryObject() };
    }

    private static JsonArray Page(HttpContext context, IEnumerable<JsonObject> items)
    {
        var all = items.ToList();
        int size = Math.Min(50, int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture)), page = int.TryParse(context.Request.Query["page"], out int asked) ? asked : 1;
        if (all.Count > page * size) context.Response.Headers.Link = $"<https://elsewhere.example/?page={page + 1}>; rel=\"next\",<https://elsewhere.example/?page=9>; rel=\"last\"";
        return new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(static i => i.DeepClone())]);
    }
}
