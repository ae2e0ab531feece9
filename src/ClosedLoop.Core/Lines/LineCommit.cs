using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>One commit of a line.</summary>
public sealed record LineCommit
{
    /// <summary>The commit's id.</summary>
    public required string Sha { get; init; }

    /// <summary>How many commits of the line are newer; 0 for the newest that is known.</summary>
    public required long Behind { get; init; }

    /// <summary>When it was committed, when that is known.</summary>
    public DateTimeOffset? CommittedAt { get; init; }

    /// <summary>What evidence about this very commit says, for each gate that counts by commit and of which there is such evidence, in the pipeline's order.</summary>
    public IReadOnlyList<CommitGate> Gates { get; init; } = [];

    /// <summary>The images that were built of it: <c>sha256:…</c>; several when one was built for several platforms.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The changes that landed with it (<c>pr:</c>, or <c>commit:</c> without a pull request).</summary>
    public IReadOnlyList<Key> Landed { get; init; } = [];

    /// <summary>The changes that it takes away, as a revert does.</summary>
    public IReadOnlyList<Key> Removed { get; init; } = [];

    /// <summary>The items whose changes landed with it.</summary>
    public IReadOnlyList<LineItem> Items { get; init; } = [];
}
