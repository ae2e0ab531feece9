using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>One change of an item: a pull request, or a commit that landed directly.</summary>
public sealed record ChangeView
{
    /// <summary>The change: <c>pr:…</c> or <c>commit:…</c>.</summary>
    public required Key Change { get; init; }

    /// <summary>Its head commit, when known.</summary>
    public string? Head { get; init; }

    /// <summary>The commits by which it landed.</summary>
    public IReadOnlyList<Key> Landings { get; init; } = [];

    /// <summary>The branches that it landed on, <c>branch:owner/repo@main</c>, as far as they are known.</summary>
    public IReadOnlyList<Key> Lines { get; init; } = [];

    /// <summary>Whether it was closed without being merged.</summary>
    public bool Abandoned { get; init; }
}
