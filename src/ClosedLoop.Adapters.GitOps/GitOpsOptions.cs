namespace ClosedLoop.Adapters.GitOps;

/// <summary>What the options of all systems have in common. Read once when the adapter is made; later changes have no effect.</summary>
public abstract class GitOpsOptions
{
    /// <summary>The most <see cref="Targets"/>: 2,000.</summary>
    public const int MaxTargets = 2_000;

    private protected GitOpsOptions(string name) => Name = name;

    /// <summary>
    /// The adapter's name, the last segment of its webhook's address and the name of its writers: lower-case letters, digits and '-'. The default is the
    /// system's own; give each of several clusters another.
    /// </summary>
    public string Name { get; set; }

    /// <summary>Where the API is reached: an absolute http or https address. Null: nothing is polled, and a lost webhook stays lost.</summary>
    public Uri? Address { get; set; }

    /// <summary>The bearer token of the API. Set this or <see cref="TokenFile"/> with <see cref="Address"/>.</summary>
    public string? Token { get; set; }

    /// <summary>A file with the bearer token, read again for each look: tokens of service accounts are replaced while they are used.</summary>
    public string? TokenFile { get; set; }

    /// <summary>A file with the certificates, in PEM, that the API's certificate has to come from. Null: those that the machine trusts.</summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>The secret of the webhook; at least 16 characters. Null: no webhooks are taken, and only polling finds anything. One of this and <see cref="Address"/> is required.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The environment of every object that <see cref="Targets"/> does not give another, such as <c>production</c>. Required.</summary>
    public string? Environment { get; set; }

    /// <summary>The objects that count, by name; others are ignored. Empty: all of them.</summary>
    public IList<GitOpsTarget> Targets { get; } = [];

    /// <summary>The namespaces that are polled. Empty: all, which needs a permission for the whole cluster.</summary>
    public IList<string> Namespaces { get; } = [];

    /// <summary>Time between two looks at an open item, and between two sweeps. The default is 60 s; 1 s to 1 day.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The most requests that this process makes in any hour; at least 100. The default is 3,600. A look takes one for each kind, namespace and 100 objects.</summary>
    public int CallsPerHour { get; set; } = 3_600;

    /// <summary>How long one request may take, its body included. The default is 30 s; 1 s to 5 minutes.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
