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

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>Plays the lists of a Kubernetes API and of Argo CD's on a loopback port, in pages, to those who know the token.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeApi(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Objects by the path of their list.</summary>
    public ConcurrentDictionary<string, List<JsonObject>> Lists { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Requests { get; } = [];

    public int PageSize { get; set; } = 2;

    public string Token { get; set; } = Given.Token;

    /// <summary>Answers instead when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var api = new FakeApi(app);
        app.Run(api.AnswerAsync);
        await app.StartAsync();
        api.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/cluster");
        return api;
    }

    public void Apply(GitOpsOptions options)
    {
        options.Address = Address;
        options.Token = Given.Token;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path + context.Request.QueryString);
        if (Instead is not null && await Instead(context)) return;
        if (context.Request.Headers.Authorization != "Bearer " + Token)
        {
            context.Response.StatusCode = 401;
            return;
        }
        string path = context.Request.Path.Value!["/cluster/".Length..];
        if (!Lists.TryGetValue(path, out var items))
        {
            context.Response.StatusCode = 404;
            return;
        }
        int from = int.TryParse(context.Request.Query["continue"], CultureInfo.InvariantCulture, out int next) ? next : 0;
        bool paged = context.Request.Query.ContainsKey("limit");
        int to = paged ? Math.Min(items.Count, from + PageSize) : items.Count;
        var metadata = new JsonObject { ["resourceVersion"] = "77" };
        if (to < items.Count) metadata["continue"] = to.ToString(CultureInfo.InvariantCulture);
        // As both APIs do: items leave out their kind, and an empty list of Argo CD is null.
        var page = new JsonArray([.. items[from..to].Select(static i =>
        {
            var copy = i.DeepClone().AsObject();
            copy.Remove("kind");
            copy.Remove("apiVersion");
            return copy;
        })]);
        if (context.Request.Query["fields"].ToString() is { Length: > 0 } fields) page = new JsonArray([.. page.Select(i => Select(i!.AsObject(), fields.Split(',')))]);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["kind"] = "List", ["metadata"] = metadata, ["items"] = page.Count == 0 && !paged ? null : page }.ToJsonString());
    }

    // Argo CD knows these fields of those that are read here, and leaves out all others.
    private static readonly string[] AppFields =
    [
        "metadata.name", "metadata.namespace", "metadata.creationTimestamp", "metadata.deletionTimestamp", "status.summary", "status.sync.status", "status.sync.revision", "status.health",
        "status.operationState.startedAt", "status.operationState.finishedAt", "status.operationState.phase",
    ];

    private static JsonObject Select(JsonObject item, string[] fields)
    {
        var result = new JsonObject();
        foreach (string field in AppFields.Where(f => fields.Contains("items." + f, StringComparer.Ordinal)))
        {
            JsonNode? from = item;
            foreach (string part in field.Split('.')) from = from?[part];
            if (from is null) continue;
            var to = result;
            foreach (string part in field.Split('.')[..^1]) to = (to[part] ??= new JsonObject()).AsObject();
            to[field.Split('.')[^1]] = from.DeepClone();
        }
        return result;
    }
}
