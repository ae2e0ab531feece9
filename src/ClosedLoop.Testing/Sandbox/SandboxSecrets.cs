using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>
/// The secrets of a sandbox: what its systems sign webhooks with, and what their APIs ask of callers. They guard nothing but a
/// simulation on loopback; they are here so that signatures and tokens are really checked on both sides.
/// </summary>
public sealed record SandboxSecrets
{
    /// <summary>The key of GitHub's <c>X-Hub-Signature-256</c>.</summary>
    public required string GitHubWebhookSecret { get; init; }

    /// <summary>The token of GitHub's API (<c>Authorization: Bearer</c> or <c>token</c>).</summary>
    public required string GitHubToken { get; init; }

    /// <summary>The token that Jenkins sends with its notifications.</summary>
    public required string JenkinsWebhookToken { get; init; }

    /// <summary>The user of Jenkins' API.</summary>
    public required string JenkinsUser { get; init; }

    /// <summary>The API token of <see cref="JenkinsUser"/> (<c>Authorization: Basic</c>; <c>Bearer</c> is taken, too).</summary>
    public required string JenkinsToken { get; init; }

    /// <summary>What the registry sends as <c>Authorization: Bearer</c> with its notifications.</summary>
    public required string RegistryWebhookToken { get; init; }

    /// <summary>The token of the registry's API.</summary>
    public required string RegistryToken { get; init; }

    /// <summary>The key of the cluster's <c>X-Signature</c>.</summary>
    public required string ClusterWebhookSecret { get; init; }

    /// <summary>The token of the cluster's API.</summary>
    public required string ClusterToken { get; init; }

    /// <summary>What the system of <see cref="SandboxOptions.Delivery"/> sends or signs its webhooks with, where that is not the cluster itself.</summary>
    public required string DeliveryWebhookSecret { get; init; }

    /// <summary>The token of Argo CD's API.</summary>
    public required string ArgoCDToken { get; init; }

    /// <summary>Secrets that follow from a seed, so that a run can be repeated.</summary>
    public static SandboxSecrets FromSeed(int seed) => new()
    {
        GitHubWebhookSecret = Derive(seed, "github-webhook"),
        GitHubToken = Derive(seed, "github-api"),
        JenkinsWebhookToken = Derive(seed, "jenkins-webhook"),
        JenkinsUser = "closedloop",
        JenkinsToken = Derive(seed, "jenkins-api"),
        RegistryWebhookToken = Derive(seed, "registry-webhook"),
        RegistryToken = Derive(seed, "registry-api"),
        ClusterWebhookSecret = Derive(seed, "cluster-webhook"),
        ClusterToken = Derive(seed, "cluster-api"),
        DeliveryWebhookSecret = Derive(seed, "delivery-webhook"),
        ArgoCDToken = Derive(seed, "argocd-api"),
    };

    /// <summary>Without any value: secrets do not belong in logs.</summary>
    public override string ToString() => nameof(SandboxSecrets);

    private static string Derive(int seed, string purpose) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{seed}"))))[..40];
}
