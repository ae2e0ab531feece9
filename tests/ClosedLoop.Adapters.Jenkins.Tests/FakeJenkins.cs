using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>
/// Plays Jenkins on a loopback port: jobs, builds and the tree query of the JSON API. A field that the query does not name is not sent,
/// so that the adapter cannot read what it does not ask for.
/// </summary>
internal sealed class FakeJenkins : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeJenkins(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Builds, newest first, by the job's path as it is on the wire.</summary>
    public ConcurrentDictionary<string, List<JsonObject>> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>Multibranch projects: the names of their branches' jobs, whose builds are in <see cref="Jobs"/>, by the project's path.</summary>
    public ConcurrentDictionary<string, List<string>> Projects { get; } = new(StringComparer.Ordinal);

    /// <summary>What waits or has just left the queue, by its id.</summary>
    public ConcurrentDictionary<long, JsonObject> Queue { get; } = new();

    /// <summary>What a job shows as its queue item, by the job's path.</summary>
    public ConcurrentDictionary<string, JsonObject> QueuedOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers of wfapi/describe, by the build's path; 404 for all others, as without the plugin.</summary>
    public ConcurrentDictionary<string, JsonObject> Stages { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Methods { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string?> Credentials { get; } = [];

    /// <summary>Answers instead of Jenkins when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<FakeJenkins> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var jenkins = new FakeJenkins(app);
        app.Run(jenkins.AnswerAsync);
        await app.StartAsync();
        jenkins.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/jenkins");
        return jenkins;
    }

    public AdapterRegistration Adapter(TimeProvider? time = null, Action<JenkinsOptions>? change = null) =>
        JenkinsAdapter.Create(
            Given.Options(o =>
            {
                o.BaseAddress = Address;
                o.PublicAddress = new Uri("https://ci.acme.example/");
                change?.Invoke(o);
            }),
            new HttpClient(JenkinsAdapter.CreateHandler()),
            time ?? TimeProvider.System);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(raw);
        Methods.Enqueue(context.Request.Method);
        Credentials.Enqueue(context.Request.Headers.Authorization);
        if (Instead is not null && await Instead(context)) return;
        string path = raw.Split('?')[0];
        string tree = context.Request.Query["tree"].ToString();
        const string Prefix = "/jenkins/", Suffix = "/api/json";
        const string Stage = "/wfapi/describe";
        if (path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Stage, StringComparison.Ordinal))
        {
            if (Stages.TryGetValue(path[Prefix.Length..^Stage.Length], out var run)) await WriteAsync(context, run);
            else context.Response.StatusCode = 404;
            return;
        }
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Suffix, StringComparison.Ordinal) || tree.Length == 0 || context.Request.Query.ContainsKey("depth"))
        {
            context.Response.StatusCode = 400;
            return;
        }
        path = path[Prefix.Length..^Suffix.Length];
        if (Projects.TryGetValue(path, out var names))
        {
            var branches = names.Select(n => new JsonObject
            {
                ["name"] = n,
                ["builds"] = new JsonArray([.. Jobs.GetValueOrDefault($"{path}/job/{Uri.EscapeDataString(n)}", []).Select(static b => b.DeepClone())]),
            });
            await WriteAsync(context, Filter(new JsonObject { ["jobs"] = new JsonArray([.. branches]) }, tree));
            return;
        }
        if (path.StartsWith("queue/item/", StringComparison.Ordinal) && Queue.TryGetValue(long.Parse(path["queue/item/".Length..], CultureInfo.InvariantCulture), out var queued))
        {
            await WriteAsync(context, Filter((JsonObject)queued.DeepClone(), tree));
            return;
        }
        if (Jobs.TryGetValue(path, out var builds))
        {
            // As Jenkins does: builds are the newest 100, allBuilds are all of them.
            var job = new JsonObject
            {
                ["name"] = "job",
                ["builds"] = new JsonArray([.. builds.Take(100).Select(static b => b.DeepClone())]),
                ["allBuilds"] = new JsonArray([.. builds.Select(static b => b.DeepClone())]),
                ["queueItem"] = QueuedOf.TryGetValue(path, out var waiting) ? waiting.DeepClone() : null,
            };
            await WriteAsync(context, Filter(job, tree));
            return;
        }
        int slash = path.LastIndexOf('/');
        if (slash > 0 && Jobs.TryGetValue(path[..slash], out builds) && builds.Find(b => b["number"]!.ToString() == path[(slash + 1)..]) is { } build)
        {
            await WriteAsync(context, Filter((JsonObject)build.DeepClone(), tree));
            return;
        }
        context.Response.StatusCode = 404;
        context.Response.ContentType = "text/html;charset=utf-8";
        await context.Response.WriteAsync("<html><body>Not found</body></html>");
    }

    private static Task WriteAsync(HttpContext context, JsonNode node)
    {
        context.Response.ContentType = "application/json;charset=utf-8";
        return context.Response.WriteAsync(node.ToJsonString());
    }

    private static JsonObject Filter(JsonObject source, string tree)
    {
        var result = new JsonObject { ["_class"] = source["_class"]?.GetValue<string>() ?? "fake" };
        foreach (string field in Split(tree))
        {
            int bracket = field.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? field : field[..bracket];
            if (!source.TryGetPropertyValue(name, out var value)) continue;
            if (bracket < 0)
            {
                result[name] = value?.DeepClone();
                continue;
            }
            int close = field.LastIndexOf(']');
            string inner = field[(bracket + 1)..close];
            string range = field[(close + 1)..];
            if (value is JsonArray array)
            {
                IEnumerable<JsonNode?> items = array;
                if (range.Length > 0)
                {
                    int[] ends = [.. range.Trim('{', '}').Split(',').Select(static n => int.Parse(n, CultureInfo.InvariantCulture))];
                    items = items.Skip(ends[0]).Take(ends[1] - ends[0]);
                }
                result[name] = new JsonArray([.. items.Select(i => i is JsonObject o ? Filter(o, inner) : null)]);
            }
            else if (value is JsonObject one)
            {
                result[name] = Filter(one, inner);
            }
        }
        return result;
    }

    private static IEnumerable<string> Split(string tree)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < tree.Length; i++)
        {
            if (tree[i] is '[' or '{') depth++;
            else if (tree[i] is ']' or '}') depth--;
            else if (tree[i] == ',' && depth == 0)
            {
                yield return tree[start..i];
                start = i + 1;
            }
        }
        yield return tree[start..];
    }
}
