namespace ClosedLoop.Adapters.GitLab;

/// <summary>
/// Which GitLab to read and how. Mutable while the application is configured; <see cref="GitLabAdapter.Create"/> validates and copies it, so
/// later changes have no effect.
/// </summary>
/// <remarks>Not safe for use by several threads. Configuration paths in messages start with <c>GitLab:</c>.</remarks>
public sealed class GitLabOptions
{
    /// <summary>The default of <see cref="BaseAddress"/>: <c>https://gitlab.com/</c>.</summary>
    public static readonly Uri DefaultBaseAddress = new("https://gitlab.com/");

    /// <summary>The default of <see cref="ItemTrailer"/>: <c>Work-Item</c>.</summary>
    public const string DefaultItemTrailer = "Work-Item";

    /// <summary>The default of <see cref="PollInterval"/>: 60 s.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(60);

    /// <summary>The default of <see cref="RequestTimeout"/>: 30 s.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The default of <see cref="CallsPerHour"/>: 36,000, ten a second.</summary>
    public const int DefaultCallsPerHour = 36_000;

    /// <summary>The fewest that <see cref="CallsPerHour"/> can be: 100.</summary>
    public const int MinCallsPerHour = 100;

    /// <summary>The default of <see cref="MinRemainingRequests"/>: 20.</summary>
    public const int DefaultMinRemainingRequests = 20;

    /// <summary>The default of <see cref="MaxSweepPages"/>: 10 pages of 100 merge requests.</summary>
    public const int DefaultMaxSweepPages = 10;

    /// <summary>The adapter's name, the last segment of its webhook's address and its writers' name. The default is <c>gitlab</c>; another for a second GitLab.</summary>
    public string Name { get; set; } = GitLabAdapter.Name;

    /// <summary>The projects to watch by full path, <c>group/subgroup/project</c>, in any case. Deliveries of others are ignored with a reason.</summary>
    /// <value>Empty by default, which is an error unless <see cref="AllowAnyProject"/> is set.</value>
    public IList<string> Projects { get; } = [];

    /// <summary>Whether every project that knows the webhook's secret is accepted (a group or system hook). The default is false; a sweep still reads only <see cref="Projects"/>.</summary>
    public bool AllowAnyProject { get; set; }

    /// <summary>Whether deliveries are taken. The default is true.</summary>
    public bool ReceiveWebhooks { get; set; } = true;

    /// <summary>The webhook's secret token, which <c>X-Gitlab-Token</c> carries in the clear; 16 characters or more. Needed unless <see cref="SigningToken"/> is set; with both, both must be right.</summary>
    public string? WebhookToken { get; set; }

    /// <summary>The secret token that was valid before, accepted too. Null by default.</summary>
    public string? PreviousWebhookToken { get; set; }

    /// <summary>
    /// The webhook's signing token, <c>whsec_</c> and base64 (Standard Webhooks, newer GitLab). When it is set, every delivery must have a
    /// signature that is right and at most five minutes old.
    /// </summary>
    public string? SigningToken { get; set; }

    /// <summary>The signing token that was valid before, accepted too. Null by default.</summary>
    public string? PreviousSigningToken { get; set; }

    /// <summary>An access token with scope <c>read_api</c> and role Reporter (Developer for protected environments). Null by default: nothing is polled, and a lost delivery stays lost.</summary>
    public string? Token { get; set; }

    /// <summary>The address that people open, with GitLab's own path where it has one. The default is <c>https://gitlab.com/</c>.</summary>
    public Uri BaseAddress { get; set; } = DefaultBaseAddress;

    /// <summary>Time between two looks at an open item and between two sweeps; 1 s to 1 day. The default is 60 s.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>The longest time between two looks at an open item to which nothing happens. The default is null: three poll intervals.</summary>
    public TimeSpan? QuietPollInterval { get; set; }

    /// <summary>The most requests that this process makes in any hour; at least 100. The default is 36,000; gitlab.com takes 2,000 a minute of a user.</summary>
    public int CallsPerHour { get; set; } = DefaultCallsPerHour;

    /// <summary>The longest one request may take; 1 s to 5 min. The default is 30 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;

    /// <summary>Requests of each rate window that are left to others with the same token; 0 or more. The default is 20.</summary>
    public int MinRemainingRequests { get; set; } = DefaultMinRemainingRequests;

    /// <summary>The most pages of 100 merge requests (and of 100 pipelines of a line) that one sweep of a project reads; 1 to 100. The default is 10.</summary>
    public int MaxSweepPages { get; set; } = DefaultMaxSweepPages;

    /// <summary>The trailer that names the work item, alone on a line of a description or commit message. The default is <c>Work-Item</c>.</summary>
    public string ItemTrailer { get; set; } = DefaultItemTrailer;

    /// <summary>A regular expression with a group <c>id</c> that finds the work item in the source branch when there is no trailer. Null by default.</summary>
    public string? BranchPattern { get; set; }

    /// <summary>A regular expression with a group <c>id</c> that finds the work item in a label, when neither trailer nor branch names one. Null by default.</summary>
    public string? ItemLabelPattern { get; set; }

    /// <summary>
    /// The branches on which a merge counts, and which with the default branch are the lines whose pipelines and history are followed. Empty, the
    /// default: a merge into any branch counts, and the default branch is the only line.
    /// </summary>
    public IList<string> TargetBranches { get; } = [];

    /// <summary>What starts the pipelines that say how a line is: <c>push</c> by default. Pipelines for merge requests, merged results and merge trains never count.</summary>
    public IList<string> PipelineSources { get; } = ["push"];

    /// <summary>Whether an approval by the merge request's own author counts, where GitLab allows it. The default is false.</summary>
    public bool CountAuthorApprovals { get; set; }

    /// <summary>
    /// Whether looks read where open merge requests stand in a merge train, and why they were dropped from it. The default is false: it takes one
    /// or two requests more for each look at an open merge request, and <see cref="Token"/> needs the role Developer.
    /// </summary>
    public bool FollowMergeTrains { get; set; }

    /// <summary>Checks the options.</summary>
    /// <returns>One message for each mistake, with the option's path and the fix; empty when all is well. No message holds a secret.</returns>
    public IReadOnlyList<string> Validate() => GitLabOptionsRules.Check(this);
}
