namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// How ClosedLoop reads GitHub. Mutable while the application is configured; <see cref="GitHubAdapter.Create"/> validates and copies
/// it, so later changes have no effect.
/// </summary>
/// <remarks>Not safe for use by several threads. Configuration paths in messages start with <c>GitHub:</c>.</remarks>
public sealed class GitHubOptions
{
    /// <summary>The public GitHub API, <c>https://api.github.com/</c>.</summary>
    public static readonly Uri DefaultBaseAddress = new("https://api.github.com/");

    /// <summary>The default trailer, <c>Work-Item</c>.</summary>
    public const string DefaultItemTrailer = "Work-Item";

    /// <summary>The shortest webhook secret that is accepted: 8 characters.</summary>
    public const int MinSecretLength = 8;

    /// <summary>The default of <see cref="PollInterval"/>: 60 s.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(60);

    /// <summary>The default of <see cref="RequestTimeout"/>: 15 s; GitHub itself gives up on a query after 10 s.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The default of <see cref="MinRemainingRequests"/>: 100.</summary>
    public const int DefaultMinRemainingRequests = 100;

    /// <summary>The default of <see cref="CallsPerHour"/>: 5,000, which is what GitHub gives a token.</summary>
    public const int DefaultCallsPerHour = 5_000;

    /// <summary>The fewest that <see cref="CallsPerHour"/> can be: 100.</summary>
    public const int MinCallsPerHour = 100;

    /// <summary>The default of <see cref="MaxSweepPages"/>: 10 pages of 100 pull requests.</summary>
    public const int DefaultMaxSweepPages = 10;

    /// <summary>
    /// The repositories to watch, <c>owner/name</c>, in any case. Deliveries of other repositories are ignored with a reason.
    /// </summary>
    /// <value>Empty by default, which is a configuration error unless <see cref="AllowAnyRepository"/> is set: deny by default.</value>
    public IList<string> Repositories { get; } = [];

    /// <summary>
    /// Whether every repository that knows the webhook secret is accepted. The default is false. What a lost delivery would have
    /// announced is still searched for only in <see cref="Repositories"/>.
    /// </summary>
    public bool AllowAnyRepository { get; set; }

    /// <summary>Whether deliveries are taken. The default is true; without them the probe alone keeps the record, one <see cref="PollInterval"/> behind.</summary>
    public bool ReceiveWebhooks { get; set; } = true;

    /// <summary>The secret of the webhook in GitHub, at least <see cref="MinSecretLength"/> characters. Required while <see cref="ReceiveWebhooks"/> is true; never logged or stored.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The secret that was valid before, accepted too while hooks are changed over one by one. Null by default.</summary>
    public string? PreviousWebhookSecret { get; set; }

    /// <summary>
    /// A token that can read the repositories: pull requests, checks, commit statuses, deployments and contents, all read-only.
    /// </summary>
    /// <value>Null by default: then nothing is polled and a lost delivery stays lost.</value>
    public string? Token { get; set; }

    /// <summary>A GitHub App, instead of <see cref="Token"/>. Null by default.</summary>
    public GitHubAppOptions? App { get; set; }

    /// <summary>
    /// The webhooks whose failed deliveries are asked for again, each as its path in the API: <c>repos/OWNER/NAME/hooks/ID</c>, <c>orgs/ORG/hooks/ID</c>, or
    /// <c>app/hook</c> for that of the <see cref="App"/>. A sweep has every delivery of the last three days that failed sent again, once.
    /// </summary>
    /// <value>Empty by default: nothing is sent again, and what a lost delivery said is found by looking where it can be.</value>
    public IList<string> RedeliverHooks { get; } = [];

    /// <summary>
    /// Whether <see cref="GitHubActions"/> can be made, which merges and reverts. The default is false: nothing is changed on GitHub. The token or App then needs to
    /// write pull requests and contents.
    /// </summary>
    public bool AllowActions { get; set; }

    /// <summary>The REST address: <c>https://api.github.com/</c>, or <c>https://HOST/api/v3/</c> of a GitHub Enterprise Server. GraphQL is found from it.</summary>
    public Uri BaseAddress { get; set; } = DefaultBaseAddress;

    /// <summary>Time between two looks at an open item and between two sweeps; 1 s to 1 day. The default is 60 s.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// The longest time between two looks at an open item to which nothing happens; at least <see cref="PollInterval"/>. The default is null: three
    /// poll intervals.
    /// </summary>
    public TimeSpan? QuietPollInterval { get; set; }

    /// <summary>
    /// The most that this process takes of GitHub's rate limit in any hour: points of GraphQL and requests of REST together (GitHub counts them
    /// apart); at least 100. The default is 5,000. Of several processes with one token each has its own: divide.
    /// </summary>
    public int CallsPerHour { get; set; } = DefaultCallsPerHour;

    /// <summary>The longest one request may take; 1 s to 5 min. The default is 15 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;

    /// <summary>Requests of each rate window that are left to others who share the token; 0 or more. The default is 100.</summary>
    public int MinRemainingRequests { get; set; } = DefaultMinRemainingRequests;

    /// <summary>The most pages of 100 pull requests that one sweep of one repository reads; 1 to 100. The default is 10. A sweep that stops there says so.</summary>
    public int MaxSweepPages { get; set; } = DefaultMaxSweepPages;

    /// <summary>
    /// The name of the trailer that names the work item, on a line of its own in the pull request's description or a pushed commit's
    /// message: <c>Work-Item: BL-42</c>. Any case; the last one wins; text in HTML comments, code fences, quotes and prose is not read.
    /// </summary>
    /// <value><c>Work-Item</c> by default.</value>
    public string ItemTrailer { get; set; } = DefaultItemTrailer;

    /// <summary>
    /// A regular expression with a group <c>id</c> that finds the work item in the head branch's name when there is no trailer, such
    /// as <c>^(?&lt;id&gt;[A-Z]+-\d+)/</c>. It runs without backtracking, so look-around and back-references are not available.
    /// </summary>
    /// <value>Null by default: branch names are not read.</value>
    public string? BranchPattern { get; set; }

    /// <summary>A regular expression with a group <c>id</c> that finds the work item in a label, when neither trailer nor branch names one. Null by default.</summary>
    public string? ItemLabelPattern { get; set; }

    /// <summary>
    /// The branches on which a merge counts. Empty, the default: the base of a pull request counts whatever it is. Name them where
    /// pull requests are stacked: one merged into another's branch has not landed. Those named here and the default branch are the lines
    /// whose head and history are followed.
    /// </summary>
    public IList<string> TargetBranches { get; } = [];

    /// <summary>Whether reviews by bots and apps count. The default is false: an automatic approval is not a review by a person.</summary>
    public bool CountBotReviews { get; set; }

    /// <summary>
    /// Workflows, by name, path or file name, of which one success alone makes main CI green. Empty by default.
    /// </summary>
    /// <remarks>
    /// A repository can run several workflows on one commit, and one green workflow says nothing of another that has not reported
    /// yet. So:
    /// <list type="bullet">
    /// <item>with a <see cref="Token"/>, workflow runs are parts, and the commit's rollup, which the probe reads, is the verdict;</item>
    /// <item>without a token and with nothing named here, each successful run is a verdict by itself, because nothing else could
    /// ever turn the gate green: right for one workflow, and for several as long as all have been requested before the first ends;</item>
    /// <item>with workflows named here, only those are verdicts, with or without a token.</item>
    /// </list>
    /// To require several workflows, name them in the pipeline instead: <c>.Gate("main-ci", g =&gt; g.Require(".github/workflows/ci.yml", …))</c>.
    /// </remarks>
    public IList<string> CompleteWorkflows { get; } = [];

    /// <summary>
    /// The triggers whose workflow runs are about the target branch: <c>push</c> by default. Runs for <c>pull_request</c> are about the proposal,
    /// those for <c>merge_group</c> are what a merge queue asks before it merges, and a run started by hand or by schedule may be anything.
    /// </summary>
    /// <remarks>Where nothing runs after a merge queue has merged, add <c>merge_group</c>: its commit becomes the branch's tip unchanged.</remarks>
    public IList<string> WorkflowEvents { get; } = ["push"];

    /// <summary>
    /// Whether looks read where pull requests stand in a merge queue, as its deliveries say it too. The default is false: it makes a look at a pull request half
    /// as expensive again.
    /// </summary>
    public bool FollowMergeQueue { get; set; }

    /// <summary>
    /// Whether only checks that the branch's rules require count for main CI. The default is false: every check of the commit counts. Each landing is asked for
    /// once more, with the number of its pull request; a commit without one has no verdict by its checks. Needs <see cref="Token"/> or <see cref="App"/>.
    /// </summary>
    public bool RequiredChecksOnly { get; set; }

    /// <summary>Checks the options.</summary>
    /// <returns>One message for each mistake, with the option's path and the fix; empty when all is well. No message holds a secret.</returns>
    public IReadOnlyList<string> Validate() => GitHubOptionsRules.Check(this);
}
