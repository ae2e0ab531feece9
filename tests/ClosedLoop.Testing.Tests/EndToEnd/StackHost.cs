using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.Jenkins;
using ClosedLoop.AspNetCore;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>A service as a team would build it: real Kestrel, GitHub, Jenkins, SQLite, webhooks and API. Nothing in it is replaced.</summary>
internal sealed class StackHost : IAsyncDisposable
{
    public const string Secret = "the webhook secret of the tests";
    public const string JenkinsToken = "the-jenkins-token-of-the-tests";
    public const string JenkinsRoot = "http://127.0.0.1:1/";
    public const string Agent = "agent:builder-7";

    private readonly WebApplication _app;

    private StackHost(WebApplication app, LogBook log)
    {
        _app = app;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public HttpClient Client { get; }

    /// <summary>Everything that the service logged at warning and above.</summary>
    public LogBook Log { get; }

    public static string Token(string writer) => $"token-of-{writer}-0123456789-0123456789";

    public static async Task<StackHost> StartAsync(string database, Action<GitHubOptions>? github = null)
    {
        var (app, log) = Build(database, github ?? (static o => o.AllowAnyRepository = true));
        app.MapClosedLoopWebhooks("/hooks");
        app.MapClosedLoopApi("/api");
        app.MapClosedLoopHealth("/healthz");
        await app.StartAsync();
        return new StackHost(app, log);
    }

    /// <summary>The service before anything is mapped or started.</summary>
    public static (WebApplication App, LogBook Log) Build(string database, Action<GitHubOptions> github, Action<JenkinsOptions>? jenkins = null, Action<ClosedLoopApiOptions>? api = null)
    {
        var log = new LogBook();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddClosedLoop(loop => loop
            .UseSqlite(o => o.Path = database)
            .AddGitHub(o =>
            {
                o.WebhookSecret = Secret;
                github(o);
            })
            // Nobody listens there: what its webhooks say has to do, and the source is blind.
            .AddJenkins(o =>
            {
                o.BaseAddress = new Uri(JenkinsRoot);
                o.WebhookToken = JenkinsToken;
                o.Jobs.Add(new JenkinsJob { Path = "web-main", Repository = "acme/web", Branch = "main" });
                jenkins?.Invoke(o);
            }));
        builder.Services.AddClosedLoopApi(o =>
        {
            foreach (string writer in (string[])[Agent, "person:ann"]) o.AddWriter(writer, ClosedLoopToken.Hash(Token(writer)));
            api?.Invoke(o);
        });
        return (builder.Build(), log);
    }

    public static string Sign(byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));

    /// <summary>Posts a delivery as GitHub does; <paramref name="signature"/> empty: without one.</summary>
    public Task<Reply> GitHubAsync(string name, byte[] body, string delivery, string? signature = null) => SendAsync(GitHubRequest(name, new ByteArrayContent(body), delivery, signature ?? Sign(body)));

    public Task<Reply> GitHubAsync(string name, JsonNode payload, string delivery) => GitHubAsync(name, Encoding.UTF8.GetBytes(payload.ToJsonString()), delivery);

    public static HttpRequestMessage GitHubRequest(string name, HttpContent content, string delivery, string signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/github") { Content = content };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", delivery);
        if (signature.Length > 0) request.Headers.Add("X-Hub-Signature-256", signature);
        return request;
    }

    public Task<Reply> JenkinsAsync(byte[] body, string token = JenkinsToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/jenkins?token={token}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(request);
    }

    public Task<Reply> JenkinsAsync(JsonNode payload) => JenkinsAsync(Encoding.UTF8.GetBytes(payload.ToJsonString()));

    public Task<Reply> ApiAsync(HttpMethod method, string path, JsonNode? body = null, string? writer = Agent)
    {
        var request = new HttpRequestMessage(method, "/api/" + path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (writer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(writer));
        return SendAsync(request);
    }

    public async Task<JsonElement> ReadAsync(string path)
    {
        var reply = await ApiAsync(HttpMethod.Get, path);
        Assert.True(reply.Status == 200, $"{path}: {reply}");
        return reply.Json;
    }

    public async Task<ItemReply> ItemAsync(string id) => new(await ReadAsync("items/" + Uri.EscapeDataString(id)));

    /// <summary>All items, page by page, as the list gives them.</summary>
    public async Task<List<JsonElement>> ItemsAsync()
    {
        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await ReadAsync("items?limit=50" + (cursor is null ? "" : "&cursor=" + cursor));
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return items;
    }

    public async Task<List<JsonElement>> QuarantineAsync() => [.. (await ReadAsync("quarantine?limit=1000")).GetProperty("entries").EnumerateArray()];

    /// <summary>The facts of a subject as the store holds them.</summary>
    public async Task<IReadOnlyList<Fact>> FactsAsync(Key subject)
    {
        var loaded = await _app.Services.GetRequiredService<ILoopStore>().LoadAsync(new LoadRequest { Subjects = [subject] }, default);
        return [.. loaded.Facts.Where(f => f.Subject == subject)];
    }

    /// <summary>The record itself: what readers are shown over it, such as that a source is blind, changes by itself.</summary>
    public async Task<List<(string State, long Version)>> RecordAsync()
    {
        var page = await _app.Services.GetRequiredService<ILoopStore>().QueryItemsAsync(new ItemQuery { Limit = 500 }, default);
        Assert.Null(page.NextCursor);
        return [.. page.Items.OrderBy(static r => r.State.Id, StringComparer.Ordinal).Select(static r => (JsonSerializer.Serialize(r.State), r.Version))];
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Client.SendAsync(request);
            return await Reply.OfAsync(response);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Keeps what was logged.</summary>
    internal sealed class LogBook : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => new Logger(_lines);

        public void Dispose()
        {
        }

        private sealed class Logger(ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
            }
        }
    }
}
