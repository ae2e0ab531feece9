using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Adapters;

namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>The watcher as a service, and the delivery sandbox that it watches, in one process over real HTTP on loopback.</summary>
internal sealed class SandboxRun : IAsyncDisposable
{
    /// <summary>In the sandbox everything goes faster than in life; so does the poll that repairs lost webhooks.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // The sandbox is polled sixty times as often as a real provider, and is this process.
    private const int CallsPerHour = 1_000_000;

    private readonly string? _scratch;

    private SandboxRun(WebApplication app, DeliverySandbox sandbox, DuplicateCounter duplicates, string? scratch)
    {
        App = app;
        Sandbox = sandbox;
        Duplicates = duplicates;
        _scratch = scratch;
    }

    public WebApplication App { get; }

    public DeliverySandbox Sandbox { get; }

    public DuplicateCounter Duplicates { get; }

    public Uri Address => new(App.Urls.First());

    public static async Task<SandboxRun> StartAsync(WatcherArguments arguments, SandboxOptions options, CancellationToken cancellationToken)
    {
        string? scratch = arguments.StorePath is null ? Directory.CreateTempSubdirectory("closedloop-").FullName : null;
        string store = arguments.StorePath ?? Path.Combine(scratch!, "watcher.db");
        var duplicates = new DuplicateCounter();
        WebApplication? app = null;
        var sandbox = await DeliverySandbox.StartAsync(
            options with { OpenItem = (item, token) => OpenAsync(app!, item, token) }, TimeProvider.System, cancellationToken);
        try
        {
            app = Build(arguments, sandbox, store);
            await app.StartAsync(cancellationToken);
            sandbox.Begin(new Uri(new Uri(app.Urls.First()), "/hooks/"));
            return new SandboxRun(app, sandbox, duplicates, scratch);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            await sandbox.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        await App.StopAsync();
        await App.DisposeAsync();
        Duplicates.Dispose();
        if (_scratch is not null) Directory.Delete(_scratch, recursive: true);
    }

    private static WebApplication Build(WatcherArguments arguments, DeliverySandbox sandbox, string store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(arguments.Urls ?? "http://127.0.0.1:0");
        builder.Services.AddHttpClient();
        builder.Services.AddClosedLoopApi(o => o.AllowAnonymousReads = true);
        builder.Services.AddClosedLoop(loop => loop
            .UseSqlite(o => o.Path = store)
            .AddSourceHost(arguments.Host, sandbox, PollInterval, CallsPerHour)
            .AddJenkins(o =>
            {
                o.BaseAddress = sandbox.Addresses.Jenkins;
                o.UserName = sandbox.Secrets.JenkinsUser;
                o.ApiToken = sandbox.Secrets.JenkinsToken;
                o.WebhookToken = sandbox.Secrets.JenkinsWebhookToken;
                o.PollInterval = PollInterval;
                o.CallsPerHour = CallsPerHour;
                foreach (var (repository, job) in sandbox.JenkinsJobs) o.Jobs.Add(new() { Path = job, Repository = repository, Branch = "main" });
            })
            .AddAdapter(services => SandboxRegistryAdapter.Create(sandbox, Http(services), PollInterval))
            .AddAdapter(services => SandboxClusterAdapter.Create(sandbox, Http(services), PollInterval))
            .SpeakAs(Writer.Agent("sandbox")));
        var app = builder.Build();
        app.MapClosedLoopWebhooks("/hooks");
        app.MapClosedLoopApi("/api");
        app.MapClosedLoopHealth("/healthz");
        return app;
    }

    private static HttpClient Http(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient();

    // An agent that opens its item first and pushes a branch for it afterwards.
    private static async Task OpenAsync(WebApplication app, SandboxItem item, CancellationToken cancellationToken)
    {
        var loop = app.Services.GetRequiredService<IClosedLoop>();
        var opened = await loop.OpenAsync(new WorkItem(item.Id) { Title = item.Title, Keys = [Key.Branch(item.Repository, item.Branch)] }, cancellationToken);
        if (!opened.IsRecorded) throw new InvalidOperationException($"{item.Id} could not be opened: {opened.Refusal}");
    }
}
