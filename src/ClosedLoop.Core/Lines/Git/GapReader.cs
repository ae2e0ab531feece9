using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>Answers which history a line is missing: one page along first parents.</summary>
internal sealed class GapReader(GitCloneSettings settings, GitRepository repository)
{
    public const int PageCommits = 1_000;

    /// <summary>The commits of one gap; none when it is about another repository or branch, or when the clone does not have the commit.</summary>
    public async Task<List<LineCommit>> ReadAsync(LineGap gap, ImmutableArray<LineHead> lines, CancellationToken cancellationToken)
    {
        if (Line(gap, lines) is not { } line) return [];
        string from = gap.From?.ToLowerInvariant() ?? line.Sha;
        // It may come from anywhere: only a whole id of a commit that is here is passed on.
        if ((await repository.ExistingAsync([from], cancellationToken).ConfigureAwait(false)).Count == 0) return [];
        return await new CommitReader(repository).ReadAsync(PageCommits, firstParent: true, [from], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The line that a gap is in.</summary>
    public LineHead? Line(LineGap gap, ImmutableArray<LineHead> lines)
    {
        if (!string.Equals(gap.Repository, settings.Repository, StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var line in lines)
            if (line.Branch == gap.Branch)
                return line;
        return null;
    }
}
