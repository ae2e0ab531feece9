using ClosedLoop.Facts;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// How ClosedLoop reads a local git clone as a source of line history. Mutable while the application is configured; it is validated and
/// copied when the host starts, so later changes have no effect.
/// </summary>
/// <remarks>Not safe for use by several threads. Configuration paths in messages start with <c>GitClone:</c> and <see cref="Name"/>.</remarks>
public sealed class GitCloneOptions
{
    /// <summary>The default of <see cref="Window"/>: 1,000 commits.</summary>
    public const int DefaultWindow = 1_000;

    /// <summary>The default of <see cref="MaxCandidates"/>: 200 refs.</summary>
    public const int DefaultMaxCandidates = 200;

    /// <summary>The default of <see cref="PollInterval"/>: 60 s.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(60);

    /// <summary>The default of <see cref="Timeout"/>: 90 s; another node may take a look over after 2 min.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(90);

    /// <summary>The adapter's name: lower-case letters, digits and '-'. The default is <c>git</c>; each clone needs its own.</summary>
    public string Name { get; set; } = "git";

    /// <summary>
    /// The folder of the clone, best a bare one by <c>git clone --mirror URL</c>: then its branches are the remote's. Of a clone with a
    /// work tree the branches of <see cref="Remote"/> are read when it has any, else its own. Required. A shallow clone shows its own part
    /// of the history; in a partial clone (<c>--filter</c>) contents are not compared.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>The repository's name in keys, <c>owner/name</c>: the same that other sources use. Required.</summary>
    public string Repository { get; set; } = "";

    /// <summary>
    /// The lines: branches by name, or by a pattern in which <c>*</c> stands for any characters, such as <c>release/*</c>. A commit that is in
    /// the first-parent history of several belongs to the first one named here, so name the branch that others fork from first. Required.
    /// </summary>
    public IList<string> Branches { get; } = [];

    /// <summary>Who says so. The default is <c>scm:git</c>; a mirror of one source host can speak as that host's adapter, such as <c>scm:github</c>.</summary>
    public Writer Writer { get; set; } = GitBackfill.Writer;

    /// <summary>
    /// Whether each sweep runs <c>git fetch --prune</c> first, with the clone's own remote, rules and credentials. The default is false:
    /// nothing is written, and something else keeps the clone up to date.
    /// </summary>
    public bool Fetch { get; set; }

    /// <summary>The remote to fetch, and whose branches are read in a clone with a work tree. The default is <c>origin</c>.</summary>
    public string Remote { get; set; } = "origin";

    /// <summary>
    /// Refs of proposed changes, as patterns of <c>git for-each-ref</c> such as <c>refs/pull/*/head</c> or <c>refs/heads/feature/*</c>: a
    /// landing with the same patch (a squash, a rebase) is known as theirs. Empty by default.
    /// </summary>
    /// <remarks>
    /// A ref that holds the number of its pull request (<c>refs/pull/12/head</c>, <c>refs/merge-requests/12/head</c>) makes the landing one
    /// of that pull request.
    /// </remarks>
    public IList<string> CandidateRefs { get; } = [];

    /// <summary>The most of <see cref="CandidateRefs"/> that are looked at, newest commit first; 1 to 10,000. The default is 200.</summary>
    public int MaxCandidates { get; set; } = DefaultMaxCandidates;

    /// <summary>
    /// How far back a line is looked at: the newest commits of its first-parent history; 10 to 10,000. Older history comes through gaps only,
    /// and what a commit older than that brought is not compared. The default is 1,000.
    /// </summary>
    public int Window { get; set; } = DefaultWindow;

    /// <summary>Whether each commit on a line also brings a <see cref="FactKinds.Landing"/> fact with its changed paths. The default is true.</summary>
    public bool EmitLandings { get; set; } = true;

    /// <summary>
    /// Whether patches are compared: equivalent commits and reverts that do not say so, and content that was lost. The default is true. When
    /// false only what commit messages declare is read.
    /// </summary>
    public bool CompareContent { get; set; } = true;

    /// <summary>
    /// The address at which people can look at a commit, with <c>{sha}</c> in it, such as <c>https://github.com/acme/web/commit/{sha}</c>.
    /// Null by default: facts then carry no evidence.
    /// </summary>
    public string? CommitUrl { get; set; }

    /// <summary>Time between two sweeps; 1 s to 1 day. The default is 60 s.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// The longest one look may take, a fetch included; 1 s to 1 hour. The default is 90 s. A comparison that does not end in time goes on
    /// at the next look.
    /// </summary>
    public TimeSpan Timeout { get; set; } = DefaultTimeout;

    /// <summary>The git program, 2.39 or newer. The default is <c>git</c>, found on the path.</summary>
    public string GitExecutable { get; set; } = "git";

    /// <summary>Checks the options.</summary>
    /// <returns>One message for each mistake, with the option's path and the fix; empty when all is well.</returns>
    public IReadOnlyList<string> Validate() => GitCloneRules.Check(this);
}
