using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.Gitea;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.GitLab;
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
        Apis = [_host.Api, new JenkinsApi(State), new RegistryApi(State), new ClusterApi(State)];
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

    /// <summary>What the source host, Jenkins, the registry and the cluster answer, in this order.</summary>
    public IReadOnlyList<ISandboxApi> Apis { get; }

    public int PlannedChanges { get; }

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
