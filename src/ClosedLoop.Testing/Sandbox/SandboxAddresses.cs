namespace ClosedLoop.Testing.Sandbox;

/// <summary>Where the systems of a sandbox listen: each at the root of a port of its own on loopback.</summary>
/// <param name="GitHub">The source host, whichever it is: GitHub's REST at the root and its GraphQL at <c>graphql</c>, GitLab's API at <c>api/v4</c>, or Gitea's at <c>api/v1</c>.</param>
/// <param name="Jenkins">Jenkins.</param>
/// <param name="Registry">The image registry.</param>
/// <param name="Cluster">The cluster's API server.</param>
public sealed record SandboxAddresses(Uri GitHub, Uri Jenkins, Uri Registry, Uri Cluster)
{
    /// <summary>Argo CD's API; it answers where <see cref="SandboxOptions.Delivery"/> is <see cref="SandboxDelivery.ArgoCD"/>.</summary>
    public required Uri ArgoCD { get; init; }

    /// <summary>The services that are delivered: each target at its own path (see <see cref="SandboxTarget.Health"/>).</summary>
    public required Uri Services { get; init; }

    /// <summary>A Prometheus that measures the services.</summary>
    public required Uri Prometheus { get; init; }
}
