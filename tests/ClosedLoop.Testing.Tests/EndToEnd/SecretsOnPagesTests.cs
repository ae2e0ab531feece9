using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.Gitea;
using ClosedLoop.Adapters.GitLab;
using ClosedLoop.Adapters.GitOps;
using ClosedLoop.Adapters.Jenkins;
using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Alerting;
using ClosedLoop.Hosting;
using ClosedLoop.Insights;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>Sources that throw a visitor's own credentials back at it: nothing of them may reach a page, an answer, a metric, the log or the store.</summary>
public sealed class SecretsOnPagesTests
{
    private const string Canary = "c4n4ry5f0e9a7b31d2";
    private static readonly string[] Addresses =
    [
        "/loop", "/loop/stuck", "/loop/lines", "/loop/flow", "/loop/watcher", "/loop/items/BL-1", "/loop/nothing",
        "/api/items", "/api/items/BL-1", "/api/board", "/api/sources", "/api/incidents", "/api/lines", "/api/transitions", "/api/quarantine", "/api/openapi.json", "/metrics", "/healthz",
    ];

    [Fact]
    public async Task What_a_source_echoes_of_its_credentials_is_shown_nowhere()
    {
        var heard = new ConcurrentQueue<string>();
        await using var source = await EchoAsync(heard);
        var at = new Uri(source.Urls.Single());
        var log = new Lines();
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        using var database = TempDatabase.Create();
        await using var app = await HostAsync(at, log, time, database.Path);
        var engine = app.Services.GetRequiredService<LoopEngine>();
        await app.Services.GetRequiredService<IClosedLoop>().OpenAsync(new WorkItem("BL-1"));
        for (int minute = 0; minute < 30; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await engine.RunDueAsync(default);
        }
        // The credentials were really sent, and every source was really lost.
        Assert.True(heard.Count(static request => Holds(request)) >= 5, string.Join('\n', heard));
        var sources = app.Services.GetRequiredService<ILoopQueries>().Sources;
        Assert.True(sources.Count >= 6);
        Assert.All(sources, static s => Assert.NotNull(s.BlindSince));

        using var http = new HttpClient();
        var shown = new List<(string Address, string Text)>();
        foreach (string address in Addresses)
        {
            using var answer = await http.GetAsync(new Uri(new Uri(app.Urls.Single()), address));
            shown.Add((address, await answer.Content.ReadAsStringAsync() + answer.Headers));
        }
        Assert.Contains(shown, static s => s.Address == "/loop/watcher" && s.Text.Contains("blind", StringComparison.Ordinal));
        foreach (string adapter in (string[])["github", "gitlab", "gitea", "jenkins"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(app.Urls.Single()), "/hooks/" + adapter)) { Content = new StringContent("{", Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Hub-Signature-256", "sha256=00");
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            shown.Add((adapter, await answer.Content.ReadAsStringAsync() + answer.Headers));
        }
        Assert.All(shown, static s => Assert.False(Holds(s.Text), $"{s.Address} shows a secret"));
        Assert.All(log.All, static line => Assert.False(Holds(line), $"the log shows a secret: {line}"));
        await app.DisposeAsync();
        string[] files = Directory.GetFiles(database.Folder);
        Assert.Contains(files, static f => f.EndsWith("loop.db", StringComparison.Ordinal));
        foreach (string file in files) Assert.False(Holds(await File.ReadAllTextAsync(file, Encoding.Latin1)), $"{Path.GetFileName(file)} holds a secret");
    }

    // As it is, and as basic authentication writes it.
    private static bool Holds(string text) =>
        text.Contains(Canary, StringComparison.OrdinalIgnoreCase) || text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes($"watcher:{Canary}")), StringComparison.Ordinal);

    private static async Task<WebApplication> EchoAsync(ConcurrentQueue<string> heard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            string all = $"{context.Request.Path}{context.Request.QueryString}\n{string.Join('\n', context.Request.Headers.Select(static h => $"{h.Key}: {h.Value}"))}";
            heard.Enqueue(all);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsJsonAsync(new { message = all, error = all });
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<WebApplication> HostAsync(Uri source, Lines log, TimeProvider time, string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time);
        builder.Services.AddClosedLoop(loop => loop
            .UseSqlite($"Data Source={path}")
            .AddGitHub(o =>
            {
                o.Repositories.Add("acme/web");
                (o.BaseAddress, o.Token, o.WebhookSecret) = (source, Canary, Canary);
            })
            .AddGitLab(o =>
            {
                o.Projects.Add("acme/api");
                (o.BaseAddress, o.Token, o.WebhookToken) = (source, Canary, Canary);
            })
            .AddGitea(o =>
            {
                o.Repositories.Add("acme/tool");
                (o.BaseAddress, o.Token, o.WebhookSecret) = (source, Canary, Canary);
            })
            .AddJenkins(o =>
            {
                o.Jobs.Add(new JenkinsJob { Path = "acme/web/main", Repository = "acme/web", Branch = "main" });
                (o.BaseAddress, o.UserName, o.ApiToken, o.WebhookToken) = (source, "watcher", Canary, Canary);
            })
            .AddKubernetes(o =>
            {
                (o.Server, o.Token, o.Watch) = (source, Canary, false);
                o.Namespaces.Add(new KubernetesNamespace { Name = "shop", Environment = "production" });
            })
            .AddArgoCD(o => (o.Address, o.Token, o.Environment) = (source, Canary, "production"))
            .AddAlerting(a => a.AddWebhook(o =>
            {
                o.Url = new Uri(source, Canary);
                o.Secrets.Add("whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary + Canary)));
            }))
            .AddInsights());
        builder.Services.AddClosedLoopApi(static o => o.AllowAnonymousReads = true);
        // The test drives the engine itself.
        builder.Services.RemoveAll<IHostedService>();
        var app = builder.Build();
        app.MapClosedLoopWebhooks("/hooks");
        app.MapClosedLoopApi("/api");
        app.MapClosedLoopMetrics("/metrics");
        app.MapClosedLoopHealth("/healthz");
        app.MapClosedLoopDashboard("/loop");
        await app.StartAsync();
        return app;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            All.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
