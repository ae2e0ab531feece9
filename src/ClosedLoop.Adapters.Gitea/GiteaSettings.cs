using System.Collections.Frozen;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea;

/// <summary>The checked, immutable copy of <see cref="GiteaOptions"/>; it holds no secret.</summary>
internal sealed class GiteaSettings
{
    private static readonly Uri Nowhere = new("https://gitea.invalid/");

    public required HostSettings Host { get; init; }

    public required FrozenSet<string> CompleteChecks { get; init; }

    public required FrozenSet<string> WorkflowEvents { get; init; }

    /// <summary>Whether each workflow run is a verdict by itself, because nothing else could ever be one.</summary>
    public required bool EveryWorkflowIsComplete { get; init; }

    /// <summary>Whether the API is read too.</summary>
    public bool HasToken { get; init; }

    public bool IsComplete(params ReadOnlySpan<string?> names)
    {
        foreach (string? name in names)
            if (name is not null && CompleteChecks.Contains(name))
                return true;
        return false;
    }

    public static GiteaSettings From(GiteaOptions options) => new()
    {
        Host = new HostSettings
        {
            System = GiteaOptionsRules.Section,
            Name = options.Name,
            RepositoriesOption = nameof(options.Repositories),
            Repositories = [.. options.Repositories.Select(static p => p.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            AllowAnyRepository = options.AllowAnyRepository,
            TargetBranches = [.. options.TargetBranches.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            ItemTrailerName = options.ItemTrailer,
            BranchPattern = HostRules.Compile(options.BranchPattern),
            LabelPattern = HostRules.Compile(options.ItemLabelPattern),
            WebAddress = HostRules.WithSlash(options.BaseAddress!),
            CommitPath = "/commit/",
            MaxSweepPages = options.MaxSweepPages,
            MinRemainingRequests = 0,
            IsMergeMessage = GiteaText.IsMergeMessage,
        },
        CompleteChecks = options.CompleteChecks.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        WorkflowEvents = options.WorkflowEvents.ToFrozenSet(StringComparer.Ordinal),
        HasToken = options.Token is not null,
        EveryWorkflowIsComplete = options.Token is null && options.CompleteChecks.Count == 0,
    };

    /// <summary>Takes whatever a payload itself says: for explanations.</summary>
    public static GiteaSettings ForExplanation { get; } = new()
    {
        Host = new HostSettings
        {
            System = GiteaOptionsRules.Section,
            Name = GiteaAdapter.Name,
            RepositoriesOption = "Repositories",
            Repositories = [],
            AllowAnyRepository = true,
            TargetBranches = [],
            ItemTrailerName = GiteaOptions.DefaultItemTrailer,
            BranchPattern = null,
            LabelPattern = null,
            WebAddress = Nowhere,
            CommitPath = "/commit/",
            MaxSweepPages = 1,
            MinRemainingRequests = 0,
            IsMergeMessage = GiteaText.IsMergeMessage,
            EveryBranchIsLine = true,
        },
        CompleteChecks = [],
        WorkflowEvents = FrozenSet.Create(StringComparer.Ordinal, "push"),
        EveryWorkflowIsComplete = true,
    };
}
