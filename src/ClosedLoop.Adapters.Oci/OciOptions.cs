namespace ClosedLoop.Adapters.Oci;

/// <summary>Which registry to listen to and which of its repositories count. Read once when the adapter is made; later changes have no effect.</summary>
public sealed class OciOptions
{
    /// <summary>The default of <see cref="CallsPerHour"/>: 18,000, five a second.</summary>
    public const int DefaultCallsPerHour = 18_000;

    /// <summary>The fewest that <see cref="CallsPerHour"/> can be: 100.</summary>
    public const int MinCallsPerHour = 100;

    /// <summary>The default of <see cref="MaxTagsPerSweep"/>: 200.</summary>
    public const int DefaultMaxTagsPerSweep = 200;

    /// <summary>The most repositories: 500.</summary>
    public const int MaxRepositories = 500;

    /// <summary>The default of <see cref="PollInterval"/>: 60 seconds.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(60);

    /// <summary>The default of <see cref="RequestTimeout"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What this registry is called: the last segment of its webhook's address and, after <c>registry:</c>, the name of its writer. Lower-case
    /// letters, digits and '-'. The default is <c>oci</c>; of several registries each needs a name of its own.
    /// </summary>
    public string Name { get; set; } = OciAdapter.Name;

    /// <summary>Who sends the webhooks. The default is <see cref="OciFlavour.Distribution"/>.</summary>
    public OciFlavour Flavour { get; set; }

    /// <summary>The address below which <c>v2/</c> lies, such as <c>https://registry.example.org/</c>. Required, but for GHCR, which is at <c>https://ghcr.io/</c>.</summary>
    public Uri? Address { get; set; }

    /// <summary>The repositories whose images count. At least one: images of others are ignored.</summary>
    public IList<OciRepository> Repositories { get; } = [];

    /// <summary>The user that reads the registry; set together with <see cref="Password"/>, or neither for anonymous reading.</summary>
    public string? UserName { get; set; }

    /// <summary>That user's password or access token; it needs to pull.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Hosts, or host:port, beside the registry's own that may be asked for a token, such as <c>auth.docker.io</c>. A registry that names
    /// another one is not believed: it would get the password. The default is none.
    /// </summary>
    public IList<string> TokenHosts { get; } = [];

    /// <summary>
    /// Hosts, or host:port, beside the registry's own to which it may redirect for an image's configuration; they never get credentials. The default is none
    /// (for GHCR: <c>pkg-containers.githubusercontent.com</c>).
    /// </summary>
    public IList<string> BlobHosts { get; } = [];

    /// <summary>
    /// The secret of the webhook: the value of the header <c>Authorization</c>, alone or after <c>Bearer </c>; for GHCR the secret with which GitHub signs. At least
    /// <see cref="SharedSecretAuthenticator.MinSecretLength"/> characters. Required.
    /// </summary>
    public string? WebhookSecret { get; set; }

    /// <summary>
    /// The label (or annotation) in which the build puts its own address, as the CI adapter knows it; it then links the image to the build. The default is
    /// null: none.
    /// </summary>
    public string? BuildLabel { get; set; }

    /// <summary>
    /// Whether provenance (in-toto, SLSA) is read for an image whose labels name no commit: attached to its index, or as its referrer. It is
    /// believed as much as a label is: signatures are not verified. The default is true.
    /// </summary>
    public bool ReadProvenance { get; set; } = true;

    /// <summary>
    /// Whether an image that was pushed by digest alone, without a tag, counts. The default is false: it counts when a tag or an index names it, since
    /// most such pushes are the platforms of an index that is not there yet.
    /// </summary>
    public bool CountsUntagged { get; set; }

    /// <summary>Time between two looks at an open item, and between two sweeps. The default is 60 s; 1 s to 1 day.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>The longest time between two looks at an open item to which nothing happens. The default is null: three poll intervals.</summary>
    public TimeSpan? QuietPollInterval { get; set; }

    /// <summary>The most requests that this process makes in any hour; at least 100. The default is 18,000.</summary>
    public int CallsPerHour { get; set; } = DefaultCallsPerHour;

    /// <summary>
    /// The most tags of one repository that one sweep looks at: new ones first, then those that moved before. Of the others, which never moved, a tenth of
    /// it more, in turn. The default is 200; 1 to 10,000.
    /// </summary>
    public int MaxTagsPerSweep { get; set; } = DefaultMaxTagsPerSweep;

    /// <summary>How long one request may take, its body included. The default is 30 s; 1 s to 5 minutes.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;
}
