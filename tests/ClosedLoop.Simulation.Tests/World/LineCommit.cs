namespace ClosedLoop.Simulation.Tests.World;

/// <summary>A commit on a repository's line, and what it brings or takes away.</summary>
/// <param name="Position">Its place on the line, from 0.</param>
/// <param name="Side">The commits of a merged branch, oldest first; empty for a squash.</param>
internal sealed record LineCommit(int Position, string Sha, DateTimeOffset At, IReadOnlyList<string> Side)
{
    public Change? Adds { get; init; }

    public Change? Removes { get; init; }

    /// <summary>The commit that this one reverts.</summary>
    public LineCommit? Reverts { get; init; }
}
