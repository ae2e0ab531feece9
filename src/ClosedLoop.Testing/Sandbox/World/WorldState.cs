using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.Webhooks;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>The four systems, the truth about them, and their outgoing post. Everything but the truth is touched under <see cref="Lock"/> only.</summary>
internal sealed class WorldState
{
    private readonly TimeProvider _time;

    public WorldState(SandboxOptions options, SandboxAddresses addresses, TimeProvider time, IWebhookOutbox outbox)
    {
        _time = time;
        Options = options;
        Secrets = options.Secrets ?? SandboxSecrets.FromSeed(options.Seed);
        Addresses = addresses;
        Schedule = new WorldSchedule(time, options.Speed, Lock);
        Outbox = outbox;
        GitHub = new GitHubState(addresses.GitHub, options.Repositories);
        Jenkins = new JenkinsState(addresses.Jenkins, addresses.GitHub, options.Repositories);
        Registry = new RegistryState();
        Cluster = new ClusterState(options.Repositories, time.GetUtcNow());
    }

    public Lock Lock { get; } = new();

    public SandboxOptions Options { get; }

    public SandboxSecrets Secrets { get; }

    public SandboxAddresses Addresses { get; }

    public SandboxTruth Truth { get; } = new();

    public WorldSchedule Schedule { get; }

    public IWebhookOutbox Outbox { get; }

    public GitHubState GitHub { get; }

    public JenkinsState Jenkins { get; }

    public RegistryState Registry { get; }

    public ClusterState Cluster { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Writes the truth; always called before the change can be seen from outside.</summary>
    public DateTimeOffset Becomes(string itemId, string gate, GateStatus status)
    {
        var now = Now;
        Truth.Record(itemId, gate, status, now);
        return now;
    }
}
