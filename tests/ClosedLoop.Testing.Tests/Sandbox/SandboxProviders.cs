using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Oci;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The options with which the real adapters read a sandbox's registry and cluster.</summary>
internal static class SandboxProviders
{
    private const int CallsPerHour = 1_000_000;

    public static OciOptions Registry(SandboxAddresses addresses, SandboxSecrets secrets, IEnumerable<string> repositories, TimeSpan pollInterval)
    {
        var options = new OciOptions
        {
            Name = "registry",
            Address = addresses.Registry,
            UserName = secrets.RegistryUser,
            Password = secrets.RegistryPassword,
            WebhookSecret = secrets.RegistryWebhookToken,
            PollInterval = pollInterval,
            CallsPerHour = CallsPerHour,
        };
        foreach (string repository in repositories) options.Repositories.Add(new() { Name = repository, GitRepository = repository });
        return options;
    }

    public static KubernetesOptions Cluster(SandboxAddresses addresses, SandboxSecrets secrets, TimeSpan pollInterval)
    {
        var options = new KubernetesOptions { Server = addresses.Cluster, Token = secrets.ClusterToken, PollInterval = pollInterval, CallsPerHour = CallsPerHour };
        options.Namespaces.Add(new() { Name = DeliverySandbox.Namespace });
        return options;
    }
}
