using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>A repository of a world: what each branch's first-parent history is now, and what was landed, built and packed.</summary>
internal sealed class ModelRepository(string name)
{
    public string Name { get; } = name;

    /// <summary>First-parent history, oldest first.</summary>
    public SortedDictionary<string, List<Key>> Branches { get; } = new(StringComparer.Ordinal);

    /// <summary>What a branch was before its last force-push.</summary>
    public Dictionary<string, List<Key>> Before { get; } = [];

    /// <summary>Commits that brought or took away something: they can be picked, reverted and lost.</summary>
    public List<(Key Commit, Key? Pr, bool IsRevert)> Said { get; } = [];

    public List<Happening.Ran> Runs { get; } = [];

    /// <summary>Image digests, of indexes and platforms, and the commit that each was made from.</summary>
    public List<(Key Image, Key Commit)> Images { get; } = [];

    public List<string> BranchNames => [.. Branches.Keys];

    public Key HeadOf(string branch) => Branches[branch][^1];
}
