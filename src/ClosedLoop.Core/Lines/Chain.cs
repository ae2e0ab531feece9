namespace ClosedLoop.Lines;

/// <summary>
/// A run of first-parent history without forks. A branch's history is its own chain, then the chain that this one forked from, up to
/// the fork, and so on: what a release branch inherits needs no copy.
/// </summary>
internal sealed class Chain
{
    public required int Id { get; init; }

    public long First { get; set; }

    public long Last { get; set; }

    /// <summary>The first parent of the first commit; null for a root commit.</summary>
    public string? ParentSha { get; set; }

    /// <summary>Where that parent is; null while it is not known: a gap.</summary>
    public ChainPoint? Parent { get; set; }

    public long Length => Last - First + 1;
}
