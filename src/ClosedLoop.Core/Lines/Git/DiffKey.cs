namespace ClosedLoop.Lines.Git;

/// <summary>A difference between two commits.</summary>
/// <param name="Commit">The commit it leads to.</param>
/// <param name="Base">The commit it starts from; null: from nothing, for a root commit.</param>
internal readonly record struct DiffKey(string Commit, string? Base)
{
    /// <summary>What a commit did to its line: the difference to its first parent.</summary>
    public static DiffKey Of(LineCommit commit) => new(commit.Sha, commit.FirstParent);

    /// <summary>As <c>git diff-tree --stdin</c> reads it.</summary>
    public string InputLine => Base is null ? Commit : $"{Commit} {Base}";
}
