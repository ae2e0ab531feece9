using ClosedLoop.Adapters;
using ClosedLoop.Adapters.Gitea;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab;
using ClosedLoop.Adapters.Jenkins;
using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Oci;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>
/// A world and a whole system that follows it, with the real adapters, on one driven clock and one thread: webhooks that get lost, doubled
/// and late, and polls. A seed decides everything.
/// </summary>
internal sealed class DrivenSystem : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly PriorityQueue<WebhookMessage, (DateTimeOffset Due, int Order)> _post = new();
    private readonly DeliveryChaos _chaos;
    private readonly ServiceProvider _services;
    private readonly WorldHttp _systems;
    private readonly HttpClient _http;
    private DateTimeOffset _lastRun;
    private int _posted;
    private long _told;

    /// <param name="options">The world.</param>
    /// <param name="store">Where the record is kept; null: in memory.</param>
    /// <param name="health">Who looks at the services, besides the system that rolls out.</param>
    /// <param name="pipeline">The rules; null: the default ones.</param>
    public DrivenSystem(SandboxOptions options, ILoopStore? store = null, DrivenHealth health = DrivenHealth.Deployer, PipelineDefinition? pipeline = null)
    {
        _chaos = new DeliveryChaos(options);
        World = new DrivenWorld(options with { OpenItem = OpenAsync, MarkBad = MarkBadAsync }, Take);
        _systems = new WorldHttp(World.World);
        _http = new HttpClient(_systems);
        Store = store ?? new InMemoryLoopStore();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(World.Time);
        services.AddClosedLoop(loop => loop
            .UseStore(_ => Store)
            .AddAdapter(_ => SourceHost())
            .AddAdapter(_ => Jenkins())
            .AddAdapter(_ => Registry())
            .Follow(World, _http, PollInterval, health, Cluster)
            .SpeakAs(Writer.Agent("sandbox")));
        if (pipeline is not null) services.AddSingleton(pipeline);
        _services = services.BuildServiceProvider();
    }

    /// <summary>Hears of every webhook that is delivered.</summary>
    public Action<WebhookMessage>? Delivered { get; set; }

    /// <summary>Looks at the record after each step of the world that it has followed.</summary>
    public Func<Task>? Followed { get; set; }

    public DrivenWorld World { get; }

    /// <summary>While this says so, no system can be reached by polls.</summary>
    public Func<TimeSpan, bool> IsOffline { get; init; } = static _ => false;

    /// <summary>The time between two polls of the cluster.</summary>
    public TimeSpan ClusterPollInterval { get; init; } = PollInterval;

    /// <summary>Whether each change of the cluster brings its next poll forward, as the adapter's watch does in a host.</summary>
    public bool WatchesCluster { get; init; }

    /// <summary>The time between two polls of the registry.</summary>
    public TimeSpan RegistryPollInterval { get; init; } = PollInterval;

    public ILoopStore Store { get; }

    public LoopEngine Engine => _services.GetRequiredService<LoopEngine>();

    private DateTimeOffset Now => World.Time.GetUtcNow();

    public void Dispose()
    {
        _services.Dispose();
        _http.Dispose();
    }

    /// <summary>Plays the world to its end and lets the record follow.</summary>
    /// <param name="settling">How long the record has after the last webhook.</param>
    public async Task PlayAsync(TimeSpan settling)
    {
        await Engine.RunDueAsync(default);
        DateTimeOffset? end = null;
        while (true)
        {
            var due = World.NextDue;
            if (_post.TryPeek(out _, out var next) && (due is null || next.Due < due)) due = next.Due;
            if (due is null) due = end ??= Now + settling;
            await AdvanceToAsync(due.Value);
            if (Now == end) return;
            while (World.NextDue <= Now) await World.StepAsync();
            if (WatchesCluster) await TellOfClusterAsync();
            while (_post.TryPeek(out _, out next) && next.Due <= Now) await DeliverAsync(_post.Dequeue());
            await RunDueAsync();
            if (Followed is not null) await Followed();
        }
    }

    public async Task<IReadOnlyList<Transition>> TransitionsAsync()
    {
        var transitions = new List<Transition>();
        while (await Store.ReadTransitionsAsync(new TransitionQuery { After = transitions.Count == 0 ? 0 : transitions[^1].Sequence, Limit = 1_000 }, default) is { Count: > 0 } page) transitions.AddRange(page);
        return transitions;
    }

    public async Task<TruthReport> CompareAsync()
    {
        var transitions = await TransitionsAsync();
        var states = new List<ItemState>();
        await foreach (var page in Store.PagesAsync(new ItemQuery { Limit = 500 }, default)) states.AddRange(page.Select(r => r.State));
        return TruthComparison.Compare(World.Truth, transitions, states, Now);
    }

    // As the host does, which looks every 50 ms at most: what falls due in between is done together.
    private async Task AdvanceToAsync(DateTimeOffset instant)
    {
        while (await Engine.NextWakeAsync(default) is { } wake)
        {
            var at = wake > Now + Step ? wake : Now + Step;
            if (at >= instant) break;
            World.Time.AdvanceTo(at);
            await RunDueAsync();
        }
        if (instant > Now) World.Time.AdvanceTo(instant);
    }

    private async Task RunDueAsync()
    {
        if (Now < _lastRun + Step) return;
        _systems.IsReachable = !IsOffline(World.State.Schedule.Now);
        _lastRun = Now;
        await Engine.RunDueAsync(default);
    }

    private void Take(WebhookMessage message)
    {
        foreach (var delay in _chaos.Next().Delays) _post.Enqueue(message, (Now + delay, _posted++));
    }

    private async Task DeliverAsync(WebhookMessage message)
    {
        var delivery = new WebhookDelivery
        {
            Source = message.Source,
            Headers = message.Headers.Append(("Content-Type", message.ContentType)).ToDictionary(h => h.Item1, h => h.Item2, StringComparer.OrdinalIgnoreCase),
            Body = message.Body,
            ReceivedAt = Now,
        };
        var result = await _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery);
        Delivered?.Invoke(message);
        Assert.True(result.Outcome is WebhookOutcome.Accepted or WebhookOutcome.Duplicate or WebhookOutcome.Ignored, $"{message.Target} {message.Event}: {result}");
    }

    private async Task OpenAsync(SandboxItem item, CancellationToken cancellationToken)
    {
        var opened = await _services.GetRequiredService<IClosedLoop>().OpenAsync(new WorkItem(item.Id) { Title = item.Title, Keys = [Key.Branch(item.Repository, item.Branch)] }, cancellationToken);
        Assert.True(opened.IsRecorded, opened.Refusal);
    }

    private async Task TellOfClusterAsync()
    {
        long version = World.State.Cluster.Version;
        if (version == _told) return;
        _told = version;
        await _services.GetRequiredService<IIntake>().SubmitAsync(
            new Submission { Source = KubernetesAdapter.Name, ReceivedAt = Now, DeliveryId = $"watch@{version}", Hints = [Key.Create("source", KubernetesAdapter.Name)] });
    }

    private async Task MarkBadAsync(SandboxBadImage image, CancellationToken cancellationToken)
    {
        var loop = _services.GetRequiredService<IClosedLoop>().As(Writer.Person("operator"));
        var veto = new Fact
        {
            Subject = Key.Image(image.Digest),
            Kind = FactKinds.Veto,
            Writer = loop.Writer,
            Ordinal = new Ordinal(image.At.ToUnixTimeMilliseconds()),
            Status = GateStatus.Failed,
            OccurredAt = image.At,
        };
        var marked = await loop.RecordFactsAsync([veto], cancellationToken);
        Assert.True(marked.IsRecorded, marked.Refusal);
    }

    private AdapterRegistration Registry() => OciAdapter.Create(SandboxProviders.Registry(World.State.Addresses, World.State.Secrets, World.State.Options.Repositories, RegistryPollInterval), _http, World.Time);

    // Without its watch, which needs a host.
    private AdapterRegistration Cluster() => KubernetesAdapter.Create(SandboxProviders.Cluster(World.State.Addresses, World.State.Secrets, ClusterPollInterval), _http, World.Time);

    private AdapterRegistration SourceHost() => World.State.Options.SourceHost switch
    {
        SandboxSourceHost.GitLab => GitLab(),
        SandboxSourceHost.Gitea => Gitea(),
        _ => GitHub(),
    };

    private AdapterRegistration GitLab()
    {
        var options = new GitLabOptions
        {
            BaseAddress = World.State.Addresses.GitHub,
            Token = World.State.Secrets.GitLabToken,
            WebhookToken = World.State.Secrets.GitLabWebhookToken,
            SigningToken = World.State.Secrets.GitLabSigningToken,
            PollInterval = PollInterval,
            CallsPerHour = 1_000_000,
        };
        foreach (string repository in World.State.Options.Repositories) options.Projects.Add(repository);
        return GitLabAdapter.Create(options, _http, World.Time);
    }

    private AdapterRegistration Gitea()
    {
        var options = new GiteaOptions
        {
            BaseAddress = World.State.Addresses.GitHub,
            Token = World.State.Secrets.GiteaToken,
            WebhookSecret = World.State.Secrets.GiteaWebhookSecret,
            PollInterval = PollInterval,
            CallsPerHour = 1_000_000,
        };
        foreach (string repository in World.State.Options.Repositories) options.Repositories.Add(repository);
        return GiteaAdapter.Create(options, _http, World.Time);
    }

    private AdapterRegistration GitHub()
    {
        var options = new GitHubOptions
        {
            BaseAddress = World.State.Addresses.GitHub,
            Token = World.State.Secrets.GitHubToken,
            WebhookSecret = World.State.Secrets.GitHubWebhookSecret,
            PollInterval = PollInterval,
            CallsPerHour = 1_000_000,
        };
        foreach (string repository in World.State.Options.Repositories) options.Repositories.Add(repository);
        return GitHubAdapter.Create(options, _http, World.Time);
    }

    private AdapterRegistration Jenkins()
    {
        var options = new JenkinsOptions
        {
            BaseAddress = World.State.Addresses.Jenkins,
            UserName = World.State.Secrets.JenkinsUser,
            ApiToken = World.State.Secrets.JenkinsToken,
            WebhookToken = World.State.Secrets.JenkinsWebhookToken,
            PollInterval = PollInterval,
            CallsPerHour = 1_000_000,
        };
        foreach (string repository in World.State.Options.Repositories)
            options.Jobs.Add(new() { Path = ClosedLoop.Testing.Sandbox.Jenkins.JenkinsState.Job(repository), Repository = repository, Branch = "main" });
        return JenkinsAdapter.Create(options, _http, World.Time);
    }
}
