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

namespace ClosedLoop.Adapters.GitLab.Tests;

/// <summary>
/// Plays one GitLab project on a loopback port. Its state is what the API shows; each change of it also gives the webhook that GitLab would
/// send, with the other forms of times and fields that webhooks have.
/// </summary>
internal sealed class FakeGitLab : IAsyncDisposable
{
    public const string Project = "Acme/platform/Web", Token = "glpat-canary-4711", WebhookToken = "canary-webhook-token-0815";

    private readonly WebApplication _app;
    private readonly Dictionary<int, JsonArray> _approvedBy = [];

    private FakeGitLab(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ManualTimeProvider Clock { get; } = new();

    public SortedDictionary<int, JsonObject> MergeRequests { get; } = [];

    public Dictionary<int, JsonArray> Reviewers { get; } = [];

    /// <summary>Who is in a merge train, by merge request.</summary>
    public Dictionary<int, JsonObject> Trains { get; } = [];

    /// <summary>The notes of merge requests, newest first.</summary>
    public Dictionary<int, JsonArray> Notes { get; } = [];

    public SortedDictionary<long, JsonObject> Pipelines { get; } = [];

    public SortedDictionary<long, JsonObject> Deployments { get; } = [];

    public Dictionary<string, string> Branches { get; } = new() { ["main"] = Sha(1) };

    public Dictionary<string, JsonObject> Commits { get; } = [];

    public int ApprovalsRequired { get; set; } = 1;

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string?> Tokens { get; } = [];

    /// <summary>Answers instead of GitLab when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static string Sha(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x8}{number:x32}");

    public static async Task<FakeGitLab> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gitlab = new FakeGitLab(app);
        gitlab.Commit(1, "First");
        app.Run(gitlab.AnswerAsync);
        await app.StartAsync();
        gitlab.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/git");
        return gitlab;
    }

    public AdapterRegistration Adapter(Action<GitLabOptions>? change = null) => GitLabAdapter.Create(
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
        Commits[Sha(number)] = new JsonObject
        {
            ["id"] = Sha(number),
            ["message"] = message,
            ["parent_ids"] = new JsonArray([.. parents.Select(static p => (JsonNode)Sha(p))]),
            ["committed_date"] = "2026-01-05T10:00:00.000+01:00",
            ["web_url"] = $"https://git.example/{Project}/-/commit/{Sha(number)}",
        };
        return Sha(number);
    }

    public JsonObject Open(int iid, int head, string description = "Small fix.\n\nWork-Item: BL-42", bool draft = false)
    {
        MergeRequests[iid] = new JsonObject
        {
            ["id"] = 1000 + iid,
            ["iid"] = iid,
            ["title"] = $"Change {iid}",
            ["description"] = description,
            ["state"] = "opened",
            ["created_at"] = Api(),
            ["updated_at"] = Api(),
            ["merged_at"] = null,
            ["closed_at"] = null,
            ["source_branch"] = $"fix-{iid}",
            ["target_branch"] = "main",
            ["source_project_id"] = 30,
            ["target_project_id"] = 30,
            ["author"] = new JsonObject { ["id"] = 7, ["username"] = "ann" },
            ["reviewers"] = new JsonArray(),
            ["labels"] = new JsonArray("backend"),
            ["draft"] = draft,
            ["sha"] = Sha(head),
            ["merge_commit_sha"] = null,
            ["squash_commit_sha"] = null,
            ["web_url"] = $"https://git.example/{Project}/-/merge_requests/{iid}",
            ["references"] = new JsonObject { ["full"] = $"{Project}!{iid}" },
        };
        _approvedBy[iid] = [];
        return Hook(iid, "open");
    }

    public JsonObject Update(int iid, Action<JsonObject> change, string action = "update")
    {
        change(MergeRequests[iid]);
        MergeRequests[iid]["updated_at"] = Api();
        return Hook(iid, action);
    }

    public JsonObject Approve(int iid, int user = 8)
    {
        _approvedBy[iid].Add(new JsonObject { ["user"] = new JsonObject { ["id"] = user, ["username"] = $"user-{user}" }, ["approved_at"] = Api() });
        return Update(iid, static _ => { }, _approvedBy[iid].Count >= ApprovalsRequired ? "approved" : "approval").With(h => h["user"] = new JsonObject { ["id"] = user, ["username"] = $"user-{user}" });
    }

    public JsonObject Unapprove(int iid, int user = 8)
    {
        _approvedBy[iid].RemoveAll(a => (int)a!["user"]!["id"]! == user);
        return Update(iid, static _ => { }, "unapproved").With(h => h["user"] = new JsonObject { ["id"] = user, ["username"] = $"user-{user}" });
    }

    public JsonObject Merge(int iid, int landing)
    {
        Branches["main"] = Sha(landing);
        return Update(iid, m => (m["state"], m["merged_at"], m["merge_commit_sha"]) = ("merged", Api(), Sha(landing)), "merge");
    }

    public JsonObject Pipeline(long id, int commit, string status, string reference = "main", string source = "push")
    {
        bool ends = status is "success" or "failed" or "canceled";
        var known = Pipelines.GetValueOrDefault(id);
        Pipelines[id] = new JsonObject
        {
            ["id"] = id,
            ["iid"] = id,
            ["project_id"] = 30,
            ["sha"] = Sha(commit),
            ["ref"] = reference,
            ["tag"] = false,
            ["source"] = source,
            ["status"] = status,
            ["created_at"] = known?["created_at"]!.DeepClone() ?? Api(),
            ["updated_at"] = Api(),
            ["started_at"] = known?["started_at"]?.DeepClone(),
            ["finished_at"] = ends ? Api() : known?["finished_at"]?.DeepClone(),
            ["web_url"] = $"https://git.example/{Project}/-/pipelines/{id}",
        };
        return new JsonObject
        {
            ["object_kind"] = "pipeline",
            ["object_attributes"] = new JsonObject
            {
                ["id"] = id,
                ["iid"] = id,
                ["ref"] = reference,
                ["tag"] = false,
                ["sha"] = Sha(commit),
                ["source"] = source,
                ["status"] = status,
                ["detailed_status"] = status == "success" ? "passed" : status,
                ["created_at"] = FromApi(Pipelines[id]["created_at"]!),
                ["finished_at"] = Pipelines[id]["finished_at"] is { } f ? FromApi(f) : null,
                ["url"] = $"https://git.example/{Project}/-/pipelines/{id}",
            },
            ["project"] = ProjectObject(),
            ["builds"] = new JsonArray(new JsonObject { ["id"] = id * 10, ["name"] = "test", ["status"] = status, ["allow_failure"] = false, ["created_at"] = Odd(), ["finished_at"] = ends ? Odd() : null }),
        };
    }

    /// <summary>Puts a merge request into the merge train, or moves it there. GitLab sends the webhook of the train's pipeline only.</summary>
    public JsonObject Board(int iid, string status, long pipeline, string verdict)
    {
        var known = Trains.GetValueOrDefault(iid);
        if (known is null) Note(iid, "started a merge train");
        var hook = Pipeline(pipeline, 500 + (int)pipeline, verdict, $"refs/merge-requests/{iid}/train", "merge_request_event");
        Trains[iid] = new JsonObject
        {
            ["id"] = 110,
            ["merge_request"] = new JsonObject { ["id"] = 1000 + iid, ["iid"] = iid, ["project_id"] = 30, ["state"] = "opened", ["web_url"] = $"https://git.example/{Project}/-/merge_requests/{iid}" },
            ["pipeline"] = new JsonObject { ["id"] = pipeline, ["sha"] = Sha(500 + (int)pipeline), ["ref"] = $"refs/merge-requests/{iid}/train", ["status"] = verdict, ["updated_at"] = Api(), ["web_url"] = $"https://git.example/{Project}/-/pipelines/{pipeline}" },
            ["created_at"] = known?["created_at"]!.DeepClone() ?? Api(),
            ["updated_at"] = known?["updated_at"]!.DeepClone() ?? Api(),
            ["target_branch"] = "main",
            ["status"] = status,
            ["merged_at"] = null,
            ["duration"] = null,
        };
        // A webhook shows the source branch where the API shows the train's own ref.
        return hook.With(h => (h.Attributes()["ref"], h["merge_request"]) = ($"fix-{iid}", new JsonObject { ["id"] = 1000 + iid, ["iid"] = iid, ["source_branch"] = $"fix-{iid}", ["target_branch"] = "main", ["target_project_id"] = 30 }));
    }

    /// <summary>Takes it out, with the note that GitLab writes.</summary>
    public void Drop(int iid, string note)
    {
        Trains.Remove(iid);
        Note(iid, note);
    }

    public void Note(int iid, string body, bool isSystem = true)
    {
        if (!Notes.TryGetValue(iid, out var notes)) Notes[iid] = notes = [];
        notes.Insert(0, new JsonObject { ["id"] = 9000 + notes.Count, ["body"] = body, ["system"] = isSystem, ["created_at"] = Api() });
    }

    public JsonObject Deploy(long id, int commit, string status, string environment = "production")
    {
        Deployments[id] = new JsonObject
        {
            ["id"] = id,
            ["iid"] = id,
            ["ref"] = "main",
            ["sha"] = Sha(commit),
            ["status"] = status,
            ["created_at"] = Api(),
            ["updated_at"] = Api(),
            ["environment"] = new JsonObject { ["id"] = 1, ["name"] = environment },
            ["deployable"] = new JsonObject { ["id"] = id * 10, ["web_url"] = $"https://git.example/{Project}/-/jobs/{id * 10}" },
        };
        return new JsonObject
        {
            ["object_kind"] = "deployment",
            ["status"] = status,
            ["status_changed_at"] = Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-dd HH:mm:ss '+0200'", CultureInfo.InvariantCulture),
            ["deployment_id"] = id,
            ["deployable_id"] = id * 10,
            ["deployable_url"] = $"https://git.example/{Project}/-/jobs/{id * 10}",
            ["environment"] = environment,
            ["environment_tier"] = environment,
            ["project"] = ProjectObject(),
            ["ref"] = "main",
            ["short_sha"] = Sha(commit)[..8],
            ["commit_url"] = $"https://git.example/{Project}/-/commit/{Sha(commit)}",
        };
    }

    public JsonObject Push(int after, params (int Id, string Message)[] commits) => new()
    {
        ["object_kind"] = "push",
        ["event_name"] = "push",
        ["before"] = Sha(1),
        ["after"] = Sha(after),
        ["ref"] = "refs/heads/main",
        ["checkout_sha"] = Sha(after),
        ["user_username"] = "ann",
        ["project"] = ProjectObject(),
        ["commits"] = new JsonArray([.. commits.Select(c => new JsonObject
        {
            ["id"] = Sha(c.Id),
            ["message"] = c.Message,
            ["timestamp"] = "2026-01-05T10:00:00+01:00",
            ["url"] = $"https://git.example/{Project}/-/commit/{Sha(c.Id)}",
            ["added"] = new JsonArray(),
            ["modified"] = new JsonArray("src/app.cs"),
            ["removed"] = new JsonArray(),
        })]),
        ["total_commits_count"] = commits.Length,
    };

    public JsonObject Hook(int iid, string action)
    {
        var m = MergeRequests[iid];
        return new JsonObject
        {
            ["object_kind"] = "merge_request",
            ["event_type"] = "merge_request",
            ["user"] = new JsonObject { ["id"] = 8, ["username"] = "user-8" },
            ["project"] = ProjectObject(),
            ["object_attributes"] = new JsonObject
            {
                ["id"] = m["id"]!.DeepClone(),
                ["iid"] = iid,
                ["author_id"] = 7,
                ["title"] = m["title"]!.DeepClone(),
                ["description"] = m["description"]?.DeepClone(),
                ["state"] = m["state"]!.DeepClone(),
                ["action"] = action,
                ["created_at"] = FromApi(m["created_at"]!),
                ["updated_at"] = FromApi(m["updated_at"]!),
                ["source_branch"] = m["source_branch"]!.DeepClone(),
                ["target_branch"] = m["target_branch"]!.DeepClone(),
                ["source_project_id"] = 30,
                ["target_project_id"] = 30,
                ["draft"] = m["draft"]!.DeepClone(),
                ["work_in_progress"] = m["draft"]!.DeepClone(),
                ["merge_commit_sha"] = m["merge_commit_sha"]?.DeepClone(),
                ["last_commit"] = new JsonObject { ["id"] = m["sha"]!.DeepClone(), ["timestamp"] = "2026-01-05T10:00:00+01:00" },
                ["url"] = m["web_url"]!.DeepClone(),
                ["detailed_merge_status"] = "not_open",
            },
            ["labels"] = new JsonArray(new JsonObject { ["id"] = 1, ["title"] = "backend" }),
            ["changes"] = new JsonObject(),
            ["reviewers"] = Reviewers.GetValueOrDefault(iid)?.DeepClone() ?? new JsonArray(),
        };
    }

    private static JsonObject ProjectObject() => new()
    {
        ["id"] = 30,
        ["path_with_namespace"] = Project,
        ["default_branch"] = "main",
        ["web_url"] = $"https://git.example/{Project}",
    };

    private string Api() => Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'.123Z'", CultureInfo.InvariantCulture);

    private string Odd() => Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string FromApi(JsonNode time) => time.ToString()[..19].Replace('T', ' ') + " UTC";

    private async Task AnswerAsync(HttpContext context)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(raw);
        Tokens.Enqueue(context.Request.Headers["PRIVATE-TOKEN"]);
        context.Response.Headers.Date = Clock.GetUtcNow().ToString("R");
        if (Instead is not null && await Instead(context)) return;
        const string Prefix = "/git/api/v4/projects/acme%2Fplatform%2Fweb";
        string path = raw.Split('?')[0];
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || context.Request.Headers["PRIVATE-TOKEN"] != Token)
        {
            context.Response.StatusCode = path.StartsWith(Prefix, StringComparison.Ordinal) ? 401 : 404;
            return;
        }
        var query = context.Request.Query;
        string[] parts = [.. path[Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        JsonNode? answer = parts switch
        {
            [] => ProjectObject(),
            ["repository", "branches", var name] => Branches.TryGetValue(name, out string? head) ? new JsonObject { ["name"] = name, ["commit"] = new JsonObject { ["id"] = head } } : null,
            ["repository", "commits"] => History(query["ref_name"]!, int.Parse(query["per_page"]!, CultureInfo.InvariantCulture)),
            ["merge_requests"] => Page(context, MergeRequests.Values.Where(m => After(m, query["updated_after"]!)).OrderByDescending(static m => m["updated_at"]!.ToString(), StringComparer.Ordinal)),
            ["merge_requests", var iid] => MergeRequests.GetValueOrDefault(int.Parse(iid, CultureInfo.InvariantCulture))?.DeepClone(),
            ["merge_requests", var iid, "approvals"] => Approvals(int.Parse(iid, CultureInfo.InvariantCulture)),
            ["merge_requests", var iid, "reviewers"] => Reviewers.GetValueOrDefault(int.Parse(iid, CultureInfo.InvariantCulture))?.DeepClone() ?? new JsonArray(),
            ["merge_requests", var iid, "notes"] => Notes.GetValueOrDefault(int.Parse(iid, CultureInfo.InvariantCulture))?.DeepClone() ?? new JsonArray(),
            ["merge_trains", "merge_requests", var iid] => Trains.GetValueOrDefault(int.Parse(iid, CultureInfo.InvariantCulture))?.DeepClone(),
            ["pipelines"] => Page(context, Pipelines.Values.Where(p => (!query.ContainsKey("sha") || p["sha"]!.ToString() == query["sha"]) && (!query.ContainsKey("ref") || p["ref"]!.ToString() == query["ref"])
                && (!query.ContainsKey("updated_after") || After(p, query["updated_after"]!))).Select(static p => Without(p, "finished_at", "started_at", "tag"))),
            ["pipelines", var id] => Pipelines.GetValueOrDefault(long.Parse(id, CultureInfo.InvariantCulture))?.DeepClone(),
            ["deployments"] => Page(context, Deployments.Values.Reverse()),
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

    private JsonObject Approvals(int iid) => new()
    {
        ["iid"] = iid,
        ["updated_at"] = MergeRequests[iid]["updated_at"]!.DeepClone(),
        ["approved"] = _approvedBy[iid].Count >= ApprovalsRequired,
        ["approvals_required"] = ApprovalsRequired,
        ["approvals_left"] = Math.Max(0, ApprovalsRequired - _approvedBy[iid].Count),
        ["approved_by"] = _approvedBy[iid].DeepClone(),
    };

    private JsonArray History(string from, int count)
    {
        var found = new JsonArray();
        for (string? next = Branches.GetValueOrDefault(from, from); next is not null && found.Count < count && Commits.TryGetValue(next, out var commit); next = commit["parent_ids"]!.AsArray().FirstOrDefault()?.ToString())
            found.Add(commit.DeepClone());
        return found;
    }

    private static bool After(JsonObject item, string since) => string.CompareOrdinal(item["updated_at"]!.ToString(), since) > 0;

    private static JsonObject Without(JsonObject item, params string[] names)
    {
        var copy = (JsonObject)item.DeepClone();
        foreach (string name in names) copy.Remove(name);
        return copy;
    }

    private static JsonArray Page(HttpContext context, IEnumerable<JsonObject> items)
    {
        var all = items.ToList();
        int size = int.Parse(context.Request.Query["per_page"]!, CultureInfo.InvariantCulture), page = int.TryParse(context.Request.Query["page"], out int asked) ? asked : 1;
        context.Response.Headers["X-Next-Page"] = all.Count > page * size ? (page + 1).ToString(CultureInfo.InvariantCulture) : "";
        return new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(static i => i.DeepClone())]);
    }
}
