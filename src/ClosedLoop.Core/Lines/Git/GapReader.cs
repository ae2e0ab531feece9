using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>Answers which history a line is missing: one page along first parents.</summary>
internal sealed class GapReader(GitCloneSettings settings, GitRepository repository)
{
    public const int PageCommits = 1_000;

    /// <summary>The commits of one gap; none when it is of another repository, when the clone does not have the commit, or the line.</summary>
    public async Task<List<LineCommit>> ReadAsync(LineGap gap, ImmutableArray<BranchHead> lines, CancellationToken cancellationToken)
    {
        if (!IsHere(gap) || (gap.From?.ToLowerInvariant() ?? Line(gap, lines)?.Sha) is not { } from) return [];
        // It may come from anywhere: only a whole id of a commit that is here is passed on.
        if ((await repository.ExistingAsync([from], cancellationToken).ConfigureAwait(false)).Count == 0) return [];
        return await new CommitReader(repository).ReadAsync(PageCommits, firstParent: true, [from], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The line that a gap is in; none for history that is on no line that is read.</summary>
    public BranchHead? Line(LineGap gap, ImmutableArray<BranchHead> lines)
    {
        if (!IsHere(gap)) return null;
        foreach (var line in lines)
            if (line.Branch == gap.Branch)
                return line;
        return null;
    }

    private bool IsHere(LineGap gap) => string.Equals(gap.Repository, settings.Repository, StringComparison.OrdinalIgnoreCase);
}
