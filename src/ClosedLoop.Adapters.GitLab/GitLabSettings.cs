using System.Collections.Frozen;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab;

/// <summary>The checked, immutable copy of <see cref="GitLabOptions"/>; it holds no secret.</summary>
internal sealed class GitLabSettings
{
    /// <summary>GitLab nests groups 20 deep.</summary>
    public const int MinSegments = 2, MaxSegments = 22;

    public required HostSettings Host { get; init; }

    public required FrozenSet<string> PipelineSources { get; init; }

    public required bool CountAuthorApprovals { get; init; }

    public bool HasMergeTrains { get; init; }

    public static GitLabSettings From(GitLabOptions options) => new()
    {
        Host = new HostSettings
        {
            System = GitLabOptionsRules.Section,
            Name = options.Name,
            RepositoriesOption = nameof(options.Projects),
            Repositories = [.. options.Projects.Select(static p => p.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            AllowAnyRepository = options.AllowAnyProject,
            TargetBranches = [.. options.TargetBranches.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            ItemTrailerName = options.ItemTrailer,
            BranchPattern = HostRules.Compile(options.BranchPattern),
            LabelPattern = HostRules.Compile(options.ItemLabelPattern),
            WebAddress = HostRules.WithSlash(options.BaseAddress),
            CommitPath = "/-/commit/",
            MaxSweepPages = options.MaxSweepPages,
            MinRemainingRequests = options.MinRemainingRequests,
            RevertedChanges = GitLabText.RevertedMergeRequests,
            IsMergeMessage = GitLabText.IsMergeMessage,
        },
        PipelineSources = options.PipelineSources.ToFrozenSet(StringComparer.Ordinal),
        CountAuthorApprovals = options.CountAuthorApprovals,
        HasMergeTrains = options.FollowMergeTrains,
    };

    /// <summary>Takes whatever a payload itself says: for explanations.</summary>
    public static GitLabSettings ForExplanation { get; } = new()
    {
        Host = new HostSettings
        {
            System = GitLabOptionsRules.Section,
            Name = GitLabAdapter.Name,
            RepositoriesOption = "Projects",
            Repositories = [],
            AllowAnyRepository = true,
            TargetBranches = [],
            ItemTrailerName = GitLabOptions.DefaultItemTrailer,
            BranchPattern = null,
            LabelPattern = null,
            WebAddress = GitLabOptions.DefaultBaseAddress,
            CommitPath = "/-/commit/",
            MaxSweepPages = 1,
            MinRemainingRequests = 0,
            RevertedChanges = GitLabText.RevertedMergeRequests,
            IsMergeMessage = GitLabText.IsMergeMessage,
            EveryBranchIsLine = true,
        },
        PipelineSources = FrozenSet.Create(StringComparer.Ordinal, "push"),
        CountAuthorApprovals = true,
    };
}
