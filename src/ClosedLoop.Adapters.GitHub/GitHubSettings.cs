using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>The validated, immutable copy of <see cref="GitHubOptions"/> that the adapter's parts work from; it holds no webhook secret.</summary>
internal sealed class GitHubSettings
{
    private readonly FrozenSet<string> _repositories;
    private readonly FrozenSet<string> _targets;
    private readonly FrozenSet<string> _completeWorkflows;
    private readonly FrozenSet<string> _workflowEvents;
    private readonly bool _anyRepository;
    private readonly bool _everyWorkflowIsComplete;
    private readonly Regex? _branch;
    private readonly Regex? _label;
    private readonly string _trailer;

    /// <exception cref="InvalidOperationException">The options have mistakes; the message lists them with their fixes.</exception>
    public GitHubSettings(GitHubOptions options)
    {
        var problems = options.Validate();
        if (problems.Count > 0) throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        _repositories = options.Repositories.Select(static r => r.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);
        _anyRepository = options.AllowAnyRepository;
        _targets = options.TargetBranches.ToFrozenSet(StringComparer.Ordinal);
        _completeWorkflows = options.CompleteWorkflows.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _workflowEvents = options.WorkflowEvents.ToFrozenSet(StringComparer.Ordinal);
        _everyWorkflowIsComplete = options.Token is null && options.App is null && _completeWorkflows.Count == 0;
        _branch = options.BranchPattern is { } branch ? ItemPattern.Compile(branch) : null;
        _label = options.ItemLabelPattern is { } label ? ItemPattern.Compile(label) : null;
        _trailer = options.ItemTrailer;
        CountBotReviews = options.CountBotReviews;
        BaseAddress = options.BaseAddress.AbsoluteUri.EndsWith('/') ? options.BaseAddress : new Uri(options.BaseAddress.AbsoluteUri + "/");
        RequestTimeout = options.RequestTimeout;
        MinRemainingRequests = options.MinRemainingRequests;
        MaxSweepPages = options.MaxSweepPages;
        HasMergeQueue = options.FollowMergeQueue;
        RequiredChecksOnly = options.RequiredChecksOnly;
        RedeliverHooks = [.. options.RedeliverHooks.Distinct(StringComparer.OrdinalIgnoreCase)];
        Targets = [.. _targets.Order(StringComparer.Ordinal)];
    }

    public bool CountBotReviews { get; }

    public Uri BaseAddress { get; }

    public TimeSpan RequestTimeout { get; }

    public int MinRemainingRequests { get; }

    /// <summary>Whether pull requests' labels are read.</summary>
    public bool ReadsLabels => _label is not null;

    public int MaxSweepPages { get; }

    /// <summary>Whether pull requests' places in a merge queue are looked at.</summary>
    public bool HasMergeQueue { get; }

    /// <summary>Whether only required checks count for a commit's rollup.</summary>
    public bool RequiredChecksOnly { get; }

    /// <summary>The hooks whose failed deliveries are asked for again, as paths below the API's address.</summary>
    public IReadOnlyList<string> RedeliverHooks { get; }

    /// <summary>The configured repositories, in lower case.</summary>
    public IReadOnlyCollection<string> Repositories => _repositories;

    /// <summary>The named target branches, in order.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>GitHub Enterprise Server has its GraphQL beside <c>/api/v3/</c>, not below it.</summary>
    public Uri GraphQlAddress => BaseAddress.AbsolutePath.EndsWith("/api/v3/", StringComparison.OrdinalIgnoreCase) ? new Uri(BaseAddress, "../graphql") : new Uri(BaseAddress, "graphql");

    /// <summary>Where people look: <c>https://github.com/</c>, or an Enterprise Server's own address.</summary>
    public Uri WebAddress => BaseAddress.Host == GitHubOptions.DefaultBaseAddress.Host ? new Uri("https://github.com/") : new Uri(BaseAddress, "/");

    public bool Watches(string repository) => _anyRepository || _repositories.Contains(repository.ToLowerInvariant());

    public bool IsTarget(string branch) => _targets.Count == 0 || _targets.Contains(branch);

    /// <summary>Whether a push to a branch can be a landing without a pull request: a target branch, or the default branch when none is named.</summary>
    public bool TakesDirectLandings(string branch, string? defaultBranch) => _targets.Count == 0 ? branch == defaultBranch : _targets.Contains(branch);

    /// <summary>Whether a branch is a line: a target branch, or the default branch.</summary>
    public bool IsLine(string branch, string? defaultBranch) => branch == defaultBranch || _targets.Contains(branch);

    public bool IsMainEvent(string trigger) => _workflowEvents.Contains(trigger);

    public bool IsCompleteWorkflow(string? name, string? path) =>
        _everyWorkflowIsComplete || (name is not null && _completeWorkflows.Contains(name)) ||
        (path is not null && (_completeWorkflows.Contains(path) || _completeWorkflows.Contains(path[(path.LastIndexOf('/') + 1)..])));

    /// <summary>The work item that a pull request names: by trailer, else by branch, else by label.</summary>
    public string? FindItem(string? body, string headBranch, IEnumerable<string> labels)
    {
        if (ItemTrailer.Find(_trailer, body) is { } named) return named;
        if (ItemPattern.Find(_branch, headBranch) is { } branch) return branch;
        if (_label is null) return null;
        // Sorted, because the two ways of reading a pull request list its labels in different orders.
        foreach (string label in labels.Order(StringComparer.Ordinal))
            if (ItemPattern.Find(_label, label) is { } item)
                return item;
        return null;
    }

    public string? FindItem(string? commitMessage) => ItemTrailer.Find(_trailer, commitMessage);
}
