using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Dashboard.Lines;

/// <summary>The lines that are known, and one of them in full.</summary>
internal sealed record LinesModel
{
    public required IReadOnlyList<LineSummary> Lines { get; init; }

    /// <summary>The line that is shown; null when none is known.</summary>
    public LineView? Line { get; init; }

    /// <summary>Whether this is not the newest part of it.</summary>
    public bool IsOlder { get; init; }

    /// <summary>Whether more lines are known than are listed.</summary>
    public bool MayBeMore { get; init; }

    /// <summary>Where a commit runs now.</summary>
    public IEnumerable<LineTarget> TargetsOf(LineCommit commit) => Line?.Targets.Where(t => t.Running.Any(r => r.Sha == commit.Sha)) ?? [];
}
