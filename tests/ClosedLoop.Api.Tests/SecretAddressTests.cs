using System.Collections.Concurrent;
using System.Diagnostics;
using ClosedLoop.Adapters.Health;
using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Hosting;
using ClosedLoop.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Api.Tests;

/// <summary>An address can hold a secret: of a webhook the path, of a health check a token. No client of ours writes one into logs or traces.</summary>
public sealed class SecretAddressTests : IAsyncLifetime, IDisposable
{
    private readonly string _canary = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _written = [];
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ActivityListener _listener;
    private WebApplication? _server;
    private Uri _address = null!;

    public SecretAddressTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("System.Net.Http", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _written.Enqueue("trace " + activity.DisplayName + string.Join(' ', activity.TagObjects.Select(static t => $"{t.Key}={t.Value}"))),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public static TheoryData<string, Action<ClosedLoopBuilder, Uri>> Adapters => new()
    {
        { "GitLab", static (loop, at) => loop.AddGitLab(o => o.BaseAddress = at) },
        { "Gitea", static (loop, at) => loop.AddGitea(o => o.BaseAddress = at) },
        { "Jenkins", static (loop, at) => loop.AddJenkins(o => o.BaseAddress = at) },
        { "OCI", static (loop, _) => loop.AddOci(static _ => { }) },
        { "Kubernetes", static (loop, at) => loop.AddKubernetes(o =>
        {
            (o.Server, o.Token) = (at, "token");
            o.Namespaces.Add(new KubernetesNamespace { Name = "shop", Environment = "production" });
        }) },
        { "Argo CD", static (loop, at) => loop.AddArgoCD(o => (o.Address, o.Token, o.Environment) = (at, "token", "production")) },
        { "Argo Rollouts", static (loop, at) => loop.AddArgoRollouts(o => (o.Address, o.Token, o.Environment) = (at, "token", "production")) },
        { "Flux", static (loop, at) => loop.AddFlux(o => (o.Address, o.Token, o.Environment) = (at, "token", "production")) },
        { "health", static (loop, at) => loop.AddHealth(o => o.Http.Add(new HttpHealthCheck { Address = at })) },
        { "CDEvents sink", static (loop, at) => loop.AddCDEventsSink(o => (o.Address, o.CursorFile) = (at, Path.Combine(Path.GetTempPath(), "never-written.cursor"))) },
    };

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context =>
        {
            _requests.Enqueue(context.Request.Path + context.Request.QueryString);
            return Task.CompletedTask;
        });
        await _server.StartAsync();
        _address = new Uri(_server.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task No_client_writes_its_addresses(string adapter, Action<ClosedLoopBuilder, Uri> add)
    {
        var services = Services();
        services.AddClosedLoop(loop => add(loop.UseInMemory(), _address));
        Assert.True(await AskAsync(services) == 1, $"{adapter}: how many clients of its own");
        Assert.DoesNotContain(_written, line => line.Contains(_canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_webhook_sink_does_not_either()
    {
        var services = Services();
        services.AddClosedLoop(loop => loop.UseInMemory().AddWebhookSink(o => (o.Name, o.Address) = ("canary", new Uri(_address, _canary))));
        await using var provider = services.BuildServiceProvider();
        var sink = Assert.Single(provider.GetServices<INotificationSink>(), static s => s.Name == "canary");
        await sink.DeliverAsync(new Notification { IdempotencyKey = "k", Type = "gate-overdue", ItemId = "BL-1", Summary = "late", At = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        Assert.Contains("/" + _canary, _requests);
        Assert.DoesNotContain(_written, line => line.Contains(_canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Any_other_client_would_write_them_into_logs_and_traces()
    {
        var services = Services();
        services.AddHttpClient("plain", static http => http.Timeout = TimeSpan.FromMinutes(1));
        Assert.Equal(1, await AskAsync(services));
        Assert.Contains(_written, line => line.StartsWith("log ", StringComparison.Ordinal) && line.Contains(_canary, StringComparison.Ordinal));
        Assert.Contains(_written, line => line.StartsWith("trace ", StringComparison.Ordinal) && line.Contains(_canary, StringComparison.Ordinal));
    }

    private ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Written(_written)));
        return services;
    }

    // Every client that was added, as its adapter would use it.
    private async Task<int> AskAsync(IServiceCollection services)
    {
        string[] names = [.. services.Select(static s => s.ImplementationInstance).OfType<ConfigureNamedOptions<HttpClientFactoryOptions>>().Select(static o => o.Name).OfType<string>().Distinct()];
        await using var provider = services.BuildServiceProvider();
        foreach (string name in names)
        {
            using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
            using var answer = await http.GetAsync(new Uri(_address, $"{_canary}?token={_canary}"));
            Assert.Contains($"/{_canary}?token={_canary}", _requests);
        }
        return names.Length;
    }

    private sealed class Written(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue("log " + state);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue("log " + formatter(state, exception) + exception + string.Join(' ', state as IEnumerable<KeyValuePair<string, object?>> ?? []));

        public void Dispose()
        {
        }
    }
}
