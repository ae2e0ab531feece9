using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Support;

/// <summary>Plays an API server on a loopback port: discovery, collections with paging and selectors, single objects, watches that stay open, and patches that are kept.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeCluster(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Objects by the path of their collection, such as <c>/apis/apps/v1/namespaces/production/deployments</c>.</summary>
    public ConcurrentDictionary<string, List<JsonObject>> Collections { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string?> Credentials { get; } = [];

    public ConcurrentQueue<(string Path, string? ContentType, string Body)> Patches { get; } = [];

    /// <summary>The server's clock, in its answers' Date.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>Answers instead of the server when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static Task<FakeCluster> StartAsync() => StartAsync(null);

    public static async Task<FakeCluster> StartAsync(X509Certificate2? certificate, Action<HttpsConnectionAdapterOptions>? tls = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is null) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate, o => tls?.Invoke(o))));
        }
        var app = builder.Build();
        var cluster = new FakeCluster(app);
        app.Run(cluster.AnswerAsync);
        await app.StartAsync();
        cluster.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return cluster;
    }

    public List<JsonObject> Of(string kind, string space = Given.Namespace) =>
        Collections.GetOrAdd(kind == "pods" ? $"/api/v1/namespaces/{space}/pods" : $"/apis/apps/v1/namespaces/{space}/{kind}", static _ => []);

    /// <summary>Puts a whole world of objects in place of what was there.</summary>
    public void Show(IEnumerable<JsonObject> objects)
    {
        Collections.Clear();
        foreach (var item in objects) Of(item["kind"]!.GetValue<string>().ToLowerInvariant() + "s", item["metadata"]!["namespace"]!.GetValue<string>()).Add(item);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue($"{context.Request.Method} {raw}");
        Credentials.Enqueue(context.Request.Headers.Authorization);
        if (Now is { } now) context.Response.Headers.Date = now.ToString("r", CultureInfo.InvariantCulture);
        if (Instead is not null && await Instead(context)) return;
        string path = context.Request.Path.Value!;
        if (Discovery(path) is { } found)
        {
            await WriteAsync(context, found);
            return;
        }
        int slash = path.LastIndexOf('/');
        if (Collections.TryGetValue(path, out var collection) || IsCollection(path)) await ListAsync(context, collection ?? []);
        else if (Collections.TryGetValue(path[..slash], out collection) && collection.Find(o => Name(o) == path[(slash + 1)..]) is { } item) await OneAsync(context, path, item);
        else await StatusAsync(context, 404, "NotFound");
    }

    private async Task OneAsync(HttpContext context, string path, JsonObject item)
    {
        if (HttpMethods.IsPatch(context.Request.Method))
        {
            using var reader = new StreamReader(context.Request.Body);
            Patches.Enqueue((path, context.Request.ContentType, await reader.ReadToEndAsync()));
        }
        await WriteAsync(context, item);
    }

    private static async Task ListAsync(HttpContext context, List<JsonObject> collection)
    {
        var query = context.Request.Query;
        if (query.ContainsKey("watch"))
        {
            context.Response.ContentType = "application/json";
            // kubectl waits for the headers before it ends.
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }
        var chosen = collection.Where(o => Selects(query["fieldSelector"].ToString(), o) && HasLabels(query["labelSelector"].ToString(), o)).ToList();
        int from = int.TryParse(query["continue"], NumberStyles.None, CultureInfo.InvariantCulture, out int start) ? start : 0;
        int limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most > 0 ? most : int.MaxValue;
        var page = chosen.Skip(from).Take(limit).ToList();
        var about = new JsonObject { ["resourceVersion"] = "1000" };
        if (from + page.Count < chosen.Count) about["continue"] = (from + page.Count).ToString(CultureInfo.InvariantCulture);
        string path = context.Request.Path.Value!;
        string kind = path.EndsWith("/pods", StringComparison.Ordinal) ? "Pod" : path.EndsWith("/replicasets", StringComparison.Ordinal) ? "ReplicaSet"
            : path.EndsWith("/deployments", StringComparison.Ordinal) ? "Deployment" : path.EndsWith("/statefulsets", StringComparison.Ordinal) ? "StatefulSet"
            : path.EndsWith("/controllerrevisions", StringComparison.Ordinal) ? "ControllerRevision" : "DaemonSet";
        await WriteAsync(context, new JsonObject
        {
            ["kind"] = kind + "List",
            ["apiVersion"] = kind == "Pod" ? "v1" : "apps/v1",
            ["metadata"] = about,
            ["items"] = new JsonArray([.. page.Select(o => Listed(o, context))]),
        });
    }

    // kubectl's dynamic client needs the kind of each item, a real server's typed lists leave it out.
    private static JsonObject Listed(JsonObject item, HttpContext context)
    {
        var copy = (JsonObject)item.DeepClone();
        if (context.Request.Headers.UserAgent.ToString().StartsWith("kubectl", StringComparison.Ordinal)) return copy;
        copy.Remove("kind");
        copy.Remove("apiVersion");
        return copy;
    }

    private static bool Selects(string selector, JsonObject item) => selector.Length == 0 || selector == $"metadata.name={Name(item)}";

    private static bool HasLabels(string selector, JsonObject item) =>
        selector.Length == 0 || selector.Split(',').All(part => part.Split('=') is [var key, .., var value] && item["metadata"]?["labels"]?[key]?.GetValue<string>() == value);

    private static bool IsCollection(string path) =>
        path.EndsWith("/deployments", StringComparison.Ordinal) || path.EndsWith("/statefulsets", StringComparison.Ordinal) || path.EndsWith("/daemonsets", StringComparison.Ordinal)
        || path.EndsWith("/replicasets", StringComparison.Ordinal) || path.EndsWith("/controllerrevisions", StringComparison.Ordinal) || path.EndsWith("/pods", StringComparison.Ordinal);

    private static string Name(JsonObject item) => item["metadata"]!["name"]!.GetValue<string>();

    private static JsonObject? Discovery(string path) => path switch
    {
        "/api" => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        "/apis" => new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray(new JsonObject
            {
                ["name"] = "apps",
                ["versions"] = new JsonArray(new JsonObject { ["groupVersion"] = "apps/v1", ["version"] = "v1" }),
                ["preferredVersion"] = new JsonObject { ["groupVersion"] = "apps/v1", ["version"] = "v1" },
            }),
        },
        "/api/v1" => Resources("v1", ("pods", "Pod")),
        "/apis/apps/v1" => Resources("apps/v1", ("deployments", "Deployment"), ("statefulsets", "StatefulSet"), ("daemonsets", "DaemonSet"), ("replicasets", "ReplicaSet"), ("controllerrevisions", "ControllerRevision")),
        _ => null,
    };

    private static JsonObject Resources(string version, params (string Name, string Kind)[] resources) => new()
    {
        ["kind"] = "APIResourceList",
        ["groupVersion"] = version,
        ["resources"] = new JsonArray([.. resources.Select(static r => new JsonObject
        {
            ["name"] = r.Name,
            ["singularName"] = r.Kind.ToLowerInvariant(),
            ["namespaced"] = true,
            ["kind"] = r.Kind,
            ["verbs"] = new JsonArray("get", "list", "watch", "patch"),
        })]),
    };

    public static Task StatusAsync(HttpContext context, int code, string reason)
    {
        context.Response.StatusCode = code;
        return WriteAsync(context, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = reason, ["code"] = code, ["message"] = $"{reason} of the test" });
    }

    private static Task WriteAsync(HttpContext context, JsonNode node)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(node.ToJsonString());
    }
}
