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

    /// <summary>What GitLab sends as <c>X-Gitlab-Token</c>.</summary>
    public required string GitLabWebhookToken { get; init; }

    /// <summary>The key of GitLab's <c>webhook-signature</c>: <c>whsec_</c> and base64.</summary>
    public required string GitLabSigningToken { get; init; }

    /// <summary>The token of GitLab's API (<c>PRIVATE-TOKEN</c>; <c>Authorization: Bearer</c> is taken, too).</summary>
    public required string GitLabToken { get; init; }

    /// <summary>The key of Gitea's <c>X-Gitea-Signature</c>.</summary>
    public required string GiteaWebhookSecret { get; init; }

    /// <summary>The token of Gitea's API (<c>Authorization: token</c>; <c>Bearer</c> is taken, too).</summary>
    public required string GiteaToken { get; init; }

    /// <summary>The token that Jenkins sends with its notifications.</summary>
    public required string JenkinsWebhookToken { get; init; }

    /// <summary>The user of Jenkins' API.</summary>
    public required string JenkinsUser { get; init; }

    /// <summary>The API token of <see cref="JenkinsUser"/> (<c>Authorization: Basic</c>; <c>Bearer</c> is taken, too).</summary>
    public required string JenkinsToken { get; init; }

    /// <summary>What the registry sends as <c>Authorization: Bearer</c> with its notifications.</summary>
    public required string RegistryWebhookToken { get; init; }

    /// <summary>The user of the registry's token server.</summary>
    public required string RegistryUser { get; init; }

    /// <summary>The password of <see cref="RegistryUser"/>; the token server gives tokens for it, one for each repository, which the registry's API asks for.</summary>
    public required string RegistryPassword { get; init; }

    /// <summary>The bearer token of the cluster's API.</summary>
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
        GitLabWebhookToken = Derive(seed, "gitlab-webhook"),
        GitLabSigningToken = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(Derive(seed, "gitlab-signing"))),
        GitLabToken = Derive(seed, "gitlab-api"),
        GiteaWebhookSecret = Derive(seed, "gitea-webhook"),
        GiteaToken = Derive(seed, "gitea-api"),
        JenkinsWebhookToken = Derive(seed, "jenkins-webhook"),
        JenkinsUser = "closedloop",
        JenkinsToken = Derive(seed, "jenkins-api"),
        RegistryWebhookToken = Derive(seed, "registry-webhook"),
        RegistryUser = "closedloop",
        RegistryPassword = Derive(seed, "registry-api"),
        ClusterToken = Derive(seed, "cluster-api"),
        DeliveryWebhookSecret = Derive(seed, "delivery-webhook"),
        ArgoCDToken = Derive(seed, "argocd-api"),
    };

    /// <summary>Without any value: secrets do not belong in logs.</summary>
    public override string ToString() => nameof(SandboxSecrets);

    private static string Derive(int seed, string purpose) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{seed}"))))[..40];
}
