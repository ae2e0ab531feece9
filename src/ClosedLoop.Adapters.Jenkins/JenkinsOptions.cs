namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Which Jenkins to listen to and which of its jobs count. Read once when the adapter is made; later changes have no effect.
/// </summary>
public sealed class JenkinsOptions
{
    /// <summary>The fewest characters of <see cref="WebhookToken"/>: 16.</summary>
    public const int MinTokenLength = 16;

    /// <summary>The most jobs: 500.</summary>
    public const int MaxJobs = 500;

    /// <summary>The default of <see cref="MaxBuildsPerSweep"/>: 200.</summary>
    public const int DefaultMaxBuildsPerSweep = 200;

    /// <summary>The default of <see cref="CallsPerHour"/>: 36,000, ten a second.</summary>
    public const int DefaultCallsPerHour = 36_000;

    /// <summary>The fewest that <see cref="CallsPerHour"/> can be: 100.</summary>
    public const int MinCallsPerHour = 100;

    /// <summary>The default of <see cref="PollInterval"/>: 60 seconds.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(60);

    /// <summary>The default of <see cref="RequestTimeout"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Where the API is reached: an absolute http or https address, with the path that Jenkins has behind a proxy. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// The address that Jenkins itself believes to have ("Jenkins URL" in its system configuration), when that is not
    /// <see cref="BaseAddress"/>: notifications carry it, and people follow it. The default is null: the same as <see cref="BaseAddress"/>.
    /// </summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>The user that reads the API; set together with <see cref="ApiToken"/>, or neither for anonymous reading.</summary>
    public string? UserName { get; set; }

    /// <summary>
    /// An API token of that user. It needs Overall/Read and Job/Read. Nothing is ever posted, so no crumb is needed, and a password works where Jenkins
    /// takes one; a token can be revoked by itself and is not slowed down by the login of a directory.
    /// </summary>
    public string? ApiToken { get; set; }

    /// <summary>The jobs that count. At least one: builds of jobs that are not listed are ignored.</summary>
    public IList<JenkinsJob> Jobs { get; } = [];

    /// <summary>What an <c>UNSTABLE</c> build says. The default is <see cref="UnstableMeans.Failed"/>.</summary>
    public UnstableMeans UnstableMeans { get; set; }

    /// <summary>
    /// Whether a replayed build counts as any other. A replay may have run another pipeline script than the repository's, and Jenkins does not say whether
    /// it did; with false it decides nothing. The default is true: most teams replay to repeat.
    /// </summary>
    public bool CountReplays { get; set; } = true;

    /// <summary>
    /// Whether the stages of running pipelines are read, to know that one waits for a person's input: one request for each running build and
    /// look. Jobs that have no stages are asked again after an hour. The default is true.
    /// </summary>
    public bool ReadStages { get; set; } = true;

    /// <summary>
    /// The secret that a webhook carries, in the header <c>X-ClosedLoop-Token</c>, as the password of Basic authentication, or in the query
    /// as <c>token</c>: no Jenkins plugin signs what it sends. At least <see cref="MinTokenLength"/> characters. Required.
    /// </summary>
    public string? WebhookToken { get; set; }

    /// <summary>Time between two looks at an open item, and between two sweeps. The default is 60 s; 1 s to 1 day.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// The longest time between two looks at an open item to which nothing happens; at least <see cref="PollInterval"/>. The default is null: three
    /// poll intervals.
    /// </summary>
    public TimeSpan? QuietPollInterval { get; set; }

    /// <summary>
    /// The most requests that this process makes in any hour, so that polling never gets in the way of builds; at least 100. The default is
    /// 36,000. A sweep takes one or two for each job, and a single look no more than one for each job that it concerns and each build that its
    /// lists do not show.
    /// </summary>
    public int CallsPerHour { get; set; } = DefaultCallsPerHour;

    /// <summary>The most builds of one job that a sweep reads. The default is 200; 1 to 5000. Jenkins is asked for 100 at a time.</summary>
    public int MaxBuildsPerSweep { get; set; } = DefaultMaxBuildsPerSweep;

    /// <summary>How long one request may take, its body included. The default is 30 s; 1 s to 5 minutes.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;
}
