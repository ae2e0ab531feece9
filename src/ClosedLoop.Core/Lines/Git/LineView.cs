using System.Collections.Immutable;
using System.Collections.Frozen;

namespace ClosedLoop.Lines.Git;

/// <summary>One line as it was last read. Immutable.</summary>
internal sealed record LineView
{
    public required BranchHead Head { get; init; }

    /// <summary>The newest commits of its first-parent history, newest first.</summary>
    public required ImmutableArray<LineCommit> Window { get; init; }

    /// <summary>Those that are on no line that is named before it: they landed here.</summary>
    public required FrozenSet<string> Own { get; init; }

    /// <summary>Commits that were on it and are not any more, because it was forced elsewhere.</summary>
    public required ImmutableArray<LineCommit> Detached { get; init; }

    public IEnumerable<LineCommit> OwnCommits => Window.Where(c => Own.Contains(c.Sha));
}
