namespace ClosedLoop.Adapters.Gitea;

/// <summary>
/// Which Gitea or Forgejo to read and how. Mutable while the application is configured; <see cref="GiteaAdapter.Create"/> validates and copies it,
/// so later changes have no effect.
/// </summary>
/// <remarks>Not safe for use by several threads. Configuration paths in messages start with <c>Gitea:</c>.</remarks>
public sealed class GiteaOptions
{
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

    /// <summary>The default of <see cref="MaxSweepPages"/>: 20 pages of 50 pull requests.</summary>
    public const int DefaultMaxSweepPages = 20;

    /// <summary>The adapter's name, the last segment of its webhook's address and its writers' name. The default is <c>gitea</c>; <c>forgejo</c> or another for a second one.</summary>
    public string Name { get; set; } = GiteaAdapter.Name;

    /// <summary>The repositories to watch, <c>owner/name</c>, in any case. Deliveries of others are ignored with a reason.</summary>
    /// <value>Empty by default, which is an error unless <see cref="AllowAnyRepository"/> is set.</value>
    public IList<string> Repositories { get; } = [];

    /// <summary>Whether every repository that knows the webhook's secret is accepted. The default is false; a sweep still reads only <see cref="Repositories"/>.</summary>
    public bool AllowAnyRepository { get; set; }

    /// <summary>Whether deliveries are taken. The default is true.</summary>
    public bool ReceiveWebhooks { get; set; } = true;

    /// <summary>The webhook's secret, 16 characters or more. Required while <see cref="ReceiveWebhooks"/> is true.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The secret that was valid before, accepted too. Null by default.</summary>
    public string? PreviousWebhookSecret { get; set; }

    /// <summary>An access token that may read repositories (scope <c>read:repository</c>) and issues (<c>read:issue</c>). Null by default: nothing is polled, and a lost delivery stays lost.</summary>
    public string? Token { get; set; }

    /// <summary>The address that people open, with its own path where it has one. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Time between two looks at an open item and between two sweeps; 1 s to 1 day. The default is 60 s.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>The longest time between two looks at an open item to which nothing happens. The default is null: three poll intervals.</summary>
    public TimeSpan? QuietPollInterval { get; set; }

    /// <summary>The most requests that this process makes in any hour; at least 100. The default is 36,000.</summary>
    public int CallsPerHour { get; set; } = DefaultCallsPerHour;

    /// <summary>The longest one request may take; 1 s to 5 min. The default is 30 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;

    /// <summary>The most pages of 50 pull requests that one sweep of a repository reads; 1 to 100. The default is 20.</summary>
    public int MaxSweepPages { get; set; } = DefaultMaxSweepPages;

    /// <summary>The trailer that names the work item, alone on a line of a description or commit message. The default is <c>Work-Item</c>.</summary>
    public string ItemTrailer { get; set; } = DefaultItemTrailer;

    /// <summary>A regular expression with a group <c>id</c> that finds the work item in the head branch when there is no trailer. Null by default.</summary>
    public string? BranchPattern { get; set; }

    /// <summary>A regular expression with a group <c>id</c> that finds the work item in a label, when neither trailer nor branch names one. Null by default.</summary>
    public string? ItemLabelPattern { get; set; }

    /// <summary>The branches on which a merge counts, and which with the default branch are the lines that are followed. Empty, the default: a merge into any branch counts.</summary>
    public IList<string> TargetBranches { get; } = [];

    /// <summary>
    /// Statuses' contexts and workflows (by file name, such as <c>ci.yml</c>) of which one success alone is green main CI. Empty by default: then all statuses of a
    /// commit together are the verdict, which only a look (<see cref="Token"/>) sees; without a token each workflow run is one by itself.
    /// </summary>
    public IList<string> CompleteChecks { get; } = [];

    /// <summary>The triggers whose workflow runs are about the target branch: <c>push</c> by default.</summary>
    public IList<string> WorkflowEvents { get; } = ["push"];

    /// <summary>Checks the options.</summary>
    /// <returns>One message for each mistake, with the option's path and the fix; empty when all is well. No message holds a secret.</returns>
    public IReadOnlyList<string> Validate() => GiteaOptionsRules.Check(this);
}
