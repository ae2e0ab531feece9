namespace ClosedLoop.Adapters.GitOps;

/// <summary>Where applications are read.</summary>
public enum ArgoCDSource
{
    /// <summary>Argo CD's API, <c>/api/v1/applications</c>, with a token of an Argo CD account or project role.</summary>
    Api = 0,

    /// <summary>The Kubernetes API of the cluster that Argo CD runs in, with a token of a service account.</summary>
    Kubernetes = 1,
}
