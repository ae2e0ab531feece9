namespace ClosedLoop.Adapters.Kubernetes;

/// <summary>
/// Which cluster to read, as whom, and which of its workloads count. Read once when the adapter is made; later changes have no effect.
/// </summary>
/// <remarks>
/// The cluster is <see cref="Server"/>, else the one of <see cref="KubeconfigFile"/>, else the one that this process runs in, with its pod's
/// service account.
/// </remarks>
public sealed class KubernetesOptions
{
    /// <summary>The most namespaces: 200.</summary>
    public const int MaxNamespaces = 200;

    /// <summary>The fewest that <see cref="CallsPerHour"/> can be: 100.</summary>
    public const int MinCallsPerHour = 100;

    /// <summary>The default of <see cref="CallsPerHour"/>: 18,000, five a second.</summary>
    public const int DefaultCallsPerHour = 18_000;

    /// <summary>The default of <see cref="PollInterval"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(30);

    /// <summary>The default of <see cref="RequestTimeout"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>This cluster's name among several: lower-case letters, digits and '-'. The default is <c>kubernetes</c>.</summary>
    public string Name { get; set; } = KubernetesAdapter.Name;

    /// <summary>The address of the API server, https (http only on this machine). The default is null: see the remarks above.</summary>
    public Uri? Server { get; set; }

    /// <summary>A bearer token for <see cref="Server"/>; set this or <see cref="TokenFile"/>.</summary>
    public string? Token { get; set; }

    /// <summary>A file with a bearer token for <see cref="Server"/>. It is read again at least every minute, since such tokens rotate.</summary>
    public string? TokenFile { get; set; }

    /// <summary>A PEM file of the authorities that sign <see cref="Server"/>'s certificate. The default is null: those that the machine trusts.</summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>A PEM file with a client certificate for <see cref="Server"/>; set together with <see cref="ClientKeyFile"/>.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>A PEM file with that certificate's key.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>A kubeconfig with a token, a token file or a client certificate. Programs that fetch credentials (<c>exec</c>) are not run.</summary>
    public string? KubeconfigFile { get; set; }

    /// <summary>The context of <see cref="KubeconfigFile"/>. The default is null: its current one.</summary>
    public string? KubeconfigContext { get; set; }

    /// <summary>The namespaces whose workloads count. At least one.</summary>
    public IList<KubernetesNamespace> Namespaces { get; } = [];

    /// <summary>
    /// Put before the name of each target, such as <c>eu-</c>: two clusters that serve one environment have targets of their own. The default is
    /// empty. Keep it: a new name is a new target.
    /// </summary>
    public string TargetPrefix { get; set; } = "";

    /// <summary>Whether <see cref="Actions.KubernetesRollback"/> may change Deployments, StatefulSets and DaemonSets. The default is false.</summary>
    public bool AllowRollback { get; set; }

    /// <summary>
    /// Whether a host also watches the workloads, so that a change is read within seconds and not at the next look. The default is true. It needs the
    /// verb watch; without it polling goes on alone.
    /// </summary>
    public bool Watch { get; set; } = true;

    /// <summary>Time between two looks. The default is 30 s; 1 s to 1 day.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>The most requests that this process makes in any hour; at least 100. The default is 18,000. A look takes five for each namespace, more where lists are longer than 500.</summary>
    public int CallsPerHour { get; set; } = DefaultCallsPerHour;

    /// <summary>How long one request may take, its body included. The default is 30 s; 1 s to 5 minutes.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;

    /// <summary>Where the pod's service account lies, for tests.</summary>
    internal string ServiceAccountDirectory { get; set; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The address inside the cluster, for tests.</summary>
    internal Uri ServiceAddress { get; set; } = new("https://kubernetes.default.svc");
}
