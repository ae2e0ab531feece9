using ClosedLoop.Testing.Sandbox.CDEvents;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.Gitea;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.GitLab;
using ClosedLoop.Testing.Sandbox.GitOps;
using ClosedLoop.Testing.Sandbox.Health;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.Webhooks;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>The world without its ports and without the network: what happens, and the faces that its systems show.</summary>
internal sealed class DeliveryWorld
{
    private readonly ISourceHost _host;

    public DeliveryWorld(SandboxOptions options, SandboxAddresses addresses, TimeProvider time, IWebhookOutbox outbox)
    {
        State = new WorldState(options, addresses, time, outbox);
        _host = SourceHostOf(State);
        var health = new ServiceHealth(State);
        State.Observers.Add(health);
        var objects = GitOpsOf(State);
        if (objects is not null) State.Observers.Add(objects);
        if (options.Delivery == SandboxDelivery.CDEvents) State.Observers.Add(new CDEventsView(State));
        ISandboxApi cluster = new ClusterApi(State);
        Apis =
        [
            _host.Api, new JenkinsApi(State), new RegistryApi(State), objects is null ? cluster : new CustomResourceApi(State, objects, cluster),
            new ArgoCDApi(State, options.Delivery == SandboxDelivery.ArgoCD ? objects : null), new ServicesApi(State, health), new PrometheusApi(State, health),
        ];
        var jenkins = new JenkinsEvents(State);
        var registry = new RegistryEvents(State);
        // Every other repository has two executors, so that builds end in another order than they began.
        ServiceLife[] services = [.. State.Services.Select((s, i) => new ServiceLife(State, s, _host, jenkins, registry, executors: 1 + (i % 2)))];
        var byName = services.ToDictionary(static s => s.Service.Line.Repository, StringComparer.Ordinal);
        var plans = WorldPlan.Create(options);
        foreach (var plan in plans) new ChangeJourney(State, _host, byName[plan.Repository], plan).Plan();
        State.Mishaps.Plan(services);
        PlannedChanges = plans.Count;
    }

    public WorldState State { get; }

    /// <summary>What the source host, Jenkins, the registry, the cluster, Argo CD, the services and Prometheus answer, in this order.</summary>
    public IReadOnlyList<ISandboxApi> Apis { get; }

    public int PlannedChanges { get; }

    /// <summary>Where everything runs.</summary>
    public IEnumerable<SandboxTarget> Targets => State.Services.SelectMany(s => s.Targets.Select(t =>
        new SandboxTarget(s.Line.Repository, SandboxDeployment.Namespace, t.Deployment.Name, new Uri(State.Addresses.Services, $"{t.Deployment.Name}/health"))));

    /// <summary>The source host greets a new webhook, if it does that.</summary>
    public void Greet()
    {
        lock (State.Lock) _host.Greet();
    }

    private static ISourceHost SourceHostOf(WorldState world) => world.Options.SourceHost switch
    {
        SandboxSourceHost.GitLab => new GitLabHost(world),
        SandboxSourceHost.Gitea => new GiteaHost(world),
        _ => new GitHubHost(world),
    };

    private static GitOpsObjects? GitOpsOf(WorldState world) => world.Options.Delivery switch
    {
        SandboxDelivery.ArgoCD => new GitOpsObjects(world, new ArgoCDView(world)),
        SandboxDelivery.Flux => new GitOpsObjects(world, new FluxView(world)),
        SandboxDelivery.ArgoRollouts => new GitOpsObjects(world, new ArgoRolloutsView(world)),
        _ => null,
    };

    /// <summary>What happened so far.</summary>
    public SandboxStatistics Count()
    {
        lock (State.Lock)
        {
            var statistics = State.Statistics;
            return new SandboxStatistics
            {
                Builds = statistics.Builds,
                Cancelled = statistics.Cancelled,
                Coalesced = State.Services.Sum(static s => s.Line.Commits.Count(static c => c.Parent is not null && c.Build is null)),
                Rollbacks = statistics.Rollbacks,
                Reverts = statistics.Reverts,
                ForcePushes = statistics.ForcePushes,
                Regressed = statistics.Regressed.Count,
            };
        }
    }
}
