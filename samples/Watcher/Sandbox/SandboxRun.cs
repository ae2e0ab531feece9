using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Oci;
using ClosedLoop.Alerting;
using ClosedLoop.Facts;
using ClosedLoop.Insights;
using ClosedLoop.Samples.Watcher.Telemetry;
using ClosedLoop.Testing.Sandbox;

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

    public Uri Dashboard => new(Address, WatcherAddresses.Dashboard);

    public static async Task<SandboxRun> StartAsync(WatcherArguments arguments, SandboxOptions options, CancellationToken cancellationToken)
    {
        string? scratch = arguments.StorePath is null ? Directory.CreateTempSubdirectory("closedloop-").FullName : null;
        string store = arguments.StorePath ?? Path.Combine(scratch!, "watcher.db");
        var duplicates = new DuplicateCounter();
        WebApplication? app = null;
        var sandbox = await DeliverySandbox.StartAsync(
            options with { OpenItem = (item, token) => OpenAsync(app!, item, token), MarkBad = (image, token) => MarkBadAsync(app!, image, token) }, TimeProvider.System, cancellationToken);
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
        OtlpExport.AddTo(builder);
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
            .AddOci(o => Configure(o, sandbox))
            .AddKubernetes(o => Configure(o, sandbox))
            .AddAlerting(alerts => alerts.Configure(InSandboxTime))
            .AddInsights()
            .SpeakAs(Writer.Agent("sandbox")));
        var app = builder.Build();
        app.MapClosedLoopWebhooks("/hooks");
        app.MapClosedLoopApi("/api");
        app.MapClosedLoopHealth("/healthz");
        app.MapClosedLoopMetrics("/metrics");
        app.MapClosedLoopDashboard(WatcherAddresses.Dashboard);
        return app;
    }

    private static void Configure(OciOptions options, DeliverySandbox sandbox)
    {
        options.Name = "registry";
        options.Address = sandbox.Addresses.Registry;
        options.UserName = sandbox.Secrets.RegistryUser;
        options.Password = sandbox.Secrets.RegistryPassword;
        options.WebhookSecret = sandbox.Secrets.RegistryWebhookToken;
        options.PollInterval = PollInterval;
        options.CallsPerHour = CallsPerHour;
        foreach (string repository in sandbox.Repositories) options.Repositories.Add(new() { Name = repository, GitRepository = repository });
    }

    // A sandbox second is a minute or two of a real delivery.
    private static void InSandboxTime(AlertingOptions options)
    {
        options.LookInterval = TimeSpan.FromSeconds(1);
        options.RedLineAfter = TimeSpan.FromSeconds(2);
        options.BlindAfter = TimeSpan.FromSeconds(5);
        (options.ErrorAfter, options.CriticalAfter) = (TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1));
        (options.RepeatWarningEvery, options.RepeatErrorEvery, options.RepeatCriticalEvery) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30));
        options.FlapWindow = TimeSpan.FromMinutes(1);
        options.RisingWipHours = null;
    }

    // A cluster sends no webhooks: it is watched.
    private static void Configure(KubernetesOptions options, DeliverySandbox sandbox)
    {
        options.Server = sandbox.Addresses.Cluster;
        options.Token = sandbox.Secrets.ClusterToken;
        options.PollInterval = PollInterval;
        options.CallsPerHour = CallsPerHour;
        options.Namespaces.Add(new() { Name = DeliverySandbox.Namespace });
    }

    // An agent that opens its item first and pushes a branch for it afterwards.
    private static async Task OpenAsync(WebApplication app, SandboxItem item, CancellationToken cancellationToken)
    {
        var loop = app.Services.GetRequiredService<IClosedLoop>();
        var opened = await loop.OpenAsync(new WorkItem(item.Id) { Title = item.Title, Keys = [Key.Branch(item.Repository, item.Branch)] }, cancellationToken);
        if (!opened.IsRecorded) throw new InvalidOperationException($"{item.Id} could not be opened: {opened.Refusal}");
    }

    // Whoever rolls a version back says that it must not run again.
    private static async Task MarkBadAsync(WebApplication app, SandboxBadImage image, CancellationToken cancellationToken)
    {
        var loop = app.Services.GetRequiredService<IClosedLoop>().As(Writer.Person("operator"));
        var veto = new Fact
        {
            Subject = Key.Image(image.Digest),
            Kind = FactKinds.Veto,
            Writer = loop.Writer,
            Ordinal = new Ordinal(image.At.ToUnixTimeMilliseconds()),
            Status = GateStatus.Failed,
            OccurredAt = image.At,
            Detail = "rolled back",
        };
        var marked = await loop.RecordFactsAsync([veto], cancellationToken);
        if (!marked.IsRecorded) throw new InvalidOperationException($"{image.Digest} could not be marked bad: {marked.Refusal}");
    }
}
