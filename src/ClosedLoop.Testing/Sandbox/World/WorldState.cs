using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.SourceHosts;
using ClosedLoop.Testing.Sandbox.Webhooks;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>The systems, the truth about them, and their outgoing post. Everything but the truth is touched under <see cref="Lock"/> only.</summary>
internal sealed class WorldState
{
    private readonly TimeProvider _time;
    private readonly WorldJudge _judge;

    public WorldState(SandboxOptions options, SandboxAddresses addresses, TimeProvider time, IWebhookOutbox outbox)
    {
        _time = time;
        Options = options;
        Secrets = options.Secrets ?? SandboxSecrets.FromSeed(options.Seed);
        Addresses = addresses;
        Schedule = new WorldSchedule(time, options.Speed, Lock);
        Outbox = outbox;
        _judge = new WorldJudge(Truth, Statistics);
        Mishaps = new WorldMishaps(this);
        Cluster = new ClusterState(addresses.Registry, options.Repositories, Now);
        Registry = new RegistryState();
        Services = [.. options.Repositories.Select(Create)];
        SourceHost = new SourceHostState(addresses.GitHub, Services.Select(static s => s.Line));
        Jenkins = new JenkinsState(addresses.Jenkins, addresses.GitHub, options.Repositories);
    }

    public Lock Lock { get; } = new();

    public SandboxOptions Options { get; }

    public SandboxSecrets Secrets { get; }

    public SandboxAddresses Addresses { get; }

    public SandboxTruth Truth { get; } = new();

    public WorldStatistics Statistics { get; } = new();

    public WorldSchedule Schedule { get; }

    public WorldMishaps Mishaps { get; }

    public IWebhookOutbox Outbox { get; }

    public IReadOnlyList<WorldService> Services { get; }

    public SourceHostState SourceHost { get; }

    public JenkinsState Jenkins { get; }

    public RegistryState Registry { get; }

    public ClusterState Cluster { get; }

    public TimeProvider Time => _time;

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Whether a controller rolls out by what it finds in a repository, and tells of its own objects.</summary>
    public bool IsGitOps => Options.Delivery is SandboxDelivery.ArgoCD or SandboxDelivery.Flux or SandboxDelivery.ArgoRollouts;

    /// <summary>Whether a target is healthy as soon as all its pods are ready, in the same moment. Where what rolls out says nothing of health, a check finds it a little later, or fails.</summary>
    public bool IsReadinessHealth => Options.Delivery != SandboxDelivery.CDEvents;

    /// <summary>Further systems that show the world.</summary>
    public List<IWorldObserver> Observers { get; } = [];

    /// <summary>Tells the further systems, after the truth was written.</summary>
    public void Tell(Action<IWorldObserver> what)
    {
        foreach (var observer in Observers) what(observer);
    }

    /// <summary>Writes the truth about a service; always called before the change can be seen from outside.</summary>
    public void Judge(WorldService service) => _judge.Look(service, Now);

    // The first commit has been in production for a while when the world begins.
    private WorldService Create(string repository)
    {
        var line = new WorldLine(repository, Now);
        var image = SandboxImage.Build(repository, line.Head.Sha, 0, Addresses.GitHub, Now);
        var first = new WorldVersion(line.Head, image);
        Registry.Push(image);
        var service = new WorldService(line, [.. Cluster.Of(repository).Select(static d => new WorldTarget(d))], Truth);
        service.Add(first);
        foreach (var target in service.Targets)
        {
            target.Serve(first);
            target.Deployment.Apply(image, Now);
            target.Deployment.Finish(Now);
        }
        return service;
    }
}
