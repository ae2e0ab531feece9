using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>
/// Reads the sandbox's cluster: the gates <c>rolled-out</c> and <c>healthy</c>. Written for the sandbox and for demonstrations; it
/// trusts the deploy controller's events for what a Deployment no longer shows, and for health. An adapter for real clusters is a
/// package of its own.
/// </summary>
public static class SandboxClusterAdapter
{
    /// <summary>The adapter's name and the last segment of its webhook's address.</summary>
    public const string Name = "cluster";

    /// <summary>The environment that the cluster is.</summary>
    public const string Environment = "production";

    /// <summary>The time between two looks, unless another is given: 1 s, since everything in the sandbox goes fast.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Who says what was rolled out.</summary>
    public static Writer Deployer { get; } = new(WriterRoles.Deployer, Name);

    /// <summary>Who says that it is healthy.</summary>
    public static Writer Health { get; } = new(WriterRoles.Health, Name);

    /// <summary>Makes the adapter's registration.</summary>
    /// <param name="sandbox">The sandbox, for its address and secrets.</param>
    /// <param name="http">The client for the API, owned by the caller.</param>
    /// <param name="pollInterval">The time between two looks; null: <see cref="DefaultPollInterval"/>.</param>
    public static AdapterRegistration Create(DeliverySandbox sandbox, HttpClient http, TimeSpan? pollInterval = null)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(http);
        return Create(sandbox.Addresses, sandbox.Secrets, http, pollInterval ?? DefaultPollInterval);
    }

    internal static AdapterRegistration Create(SandboxAddresses addresses, SandboxSecrets secrets, HttpClient http, TimeSpan pollInterval)
    {
        var facts = new RolloutFacts(addresses.Cluster);
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [Deployer, Health],
            Gates = [Gates.RolledOut, Gates.Healthy],
            Authenticator = new HmacAuthenticator("X-Signature", "sha256=", secrets.ClusterWebhookSecret),
            Translator = new ClusterTranslator(facts),
            Probe = new ClusterProbe(new SystemReader(http, addresses.Cluster, secrets.ClusterToken, "application/json"), facts),
            ProbeSchemes = [KeySchemes.Environment, KeySchemes.Image],
            PollInterval = pollInterval,
        };
    }
}
