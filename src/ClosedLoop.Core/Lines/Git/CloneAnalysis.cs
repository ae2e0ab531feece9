using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>Works out what the lines' newest commits are: landings, copies, reverts, losses. A look that is stopped goes on at the next one.</summary>
internal sealed class CloneAnalysis(GitCloneSettings settings)
{
    private readonly CloneMemory _memory = new();
    private readonly LineFacts _facts = new(settings);

    /// <summary>All facts about the lines' own commits.</summary>
    public async Task<ImmutableArray<Fact>> RunAsync(GitRepository repository, ImmutableArray<LineView> lines, IReadOnlyCollection<Candidate> candidates, CancellationToken cancellationToken)
    {
        var landed = lines.SelectMany(static l => l.Own).ToHashSet(StringComparer.Ordinal);
        var declared = new Declarations(repository, _memory, landed);
        foreach (var line in lines)
            await new MergeSideReader(repository).ReadAsync(line.Window, _memory.Sides, cancellationToken).ConfigureAwait(false);
        await declared.ResolveAsync(lines.SelectMany(static l => l.OwnCommits), cancellationToken).ConfigureAwait(false);
        var diffs = Diffs(repository, lines, candidates);
        await new ChangeReader(repository.Git).ReadAsync(diffs, _memory.Changes, cancellationToken).ConfigureAwait(false);
        if (Compares(repository)) await CompareAsync(repository.Git, lines, candidates, declared, cancellationToken).ConfigureAwait(false);
        _memory.Keep(lines.SelectMany(static l => l.Window).Select(static c => c.Sha).ToHashSet(StringComparer.Ordinal), diffs);
        return [.. lines.SelectMany(line => line.OwnCommits.SelectMany(commit => FactsOf(line, commit, declared, landed)))];
    }

    private bool Compares(GitRepository repository) => settings.CompareContent && !repository.IsPartial;

    private HashSet<DiffKey> Diffs(GitRepository repository, ImmutableArray<LineView> lines, IReadOnlyCollection<Candidate> candidates)
    {
        // A partial clone would fetch what is missing, piece by piece.
        if (repository.IsPartial) return [];
        var own = lines.SelectMany(static l => l.OwnCommits);
        if (!settings.CompareContent) return settings.EmitLandings ? [.. own.Select(DiffKey.Of)] : [];
        var emptyHanded = new EmptyHandedFinder(repository.Git, _memory);
        return
        [
            // What lies before a line's own commits may be what they undo.
            .. lines.Where(static l => l.Own.Count > 0).SelectMany(static l => l.Window).Select(DiffKey.Of),
            .. SamePatchFinder.Participants(settings.Repository, lines, candidates).Select(static p => p.Diff),
            .. own.SelectMany(emptyHanded.Needs),
        ];
    }

    private async Task CompareAsync(GitRunner git, ImmutableArray<LineView> lines, IReadOnlyCollection<Candidate> candidates, Declarations declared, CancellationToken cancellationToken)
    {
        using (var undone = new UndoneFinder(git, _memory, declared))
            foreach (var line in lines) await undone.FindAsync(line, cancellationToken).ConfigureAwait(false);
        await new SamePatchFinder(settings.Repository, git, _memory).FindAsync(lines, candidates, cancellationToken).ConfigureAwait(false);
        var emptyHanded = new EmptyHandedFinder(git, _memory);
        var byNumber = candidates.SelectMany(static c => c.PullRequests.Select(n => (Number: n, Candidate: c))).ToLookup(static p => p.Number, static p => p.Candidate);
        foreach (var commit in lines.SelectMany(static l => l.OwnCommits))
            await emptyHanded.FindAsync(commit, commit.PullRequest is { } n ? byNumber[n].FirstOrDefault() : null, cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<Fact> FactsOf(LineView line, LineCommit commit, Declarations declared, HashSet<string> landed)
    {
        string branch = line.Head.Branch;
        if (settings.EmitLandings) yield return _facts.Landing(branch, commit, _memory.ChangesOf(commit));

        var picks = Commits(declared.Picks(commit));
        var same = _memory.SamePatch.GetValueOrDefault(commit.Sha, []);
        if (_facts.Equivalent(branch, commit, [.. picks, .. same], picks.Length > 0 ? LineFacts.Trailer : LineFacts.Patch) is { } equivalent) yield return equivalent;

        var reverts = Commits(declared.Reverts(commit));
        var undone = _memory.Undone.GetValueOrDefault(commit.Sha, Undone.Nothing);
        Key[] inverse = undone.Inverse is { } opposite ? Commits([opposite]) : [];
        Key[] lost = [.. Commits(undone.Lost), .. _memory.EmptyHanded.GetValueOrDefault(commit.Sha) ? BranchOf(commit, landed) : []];
        // One register holds one way of knowing: what is declared or exact also speaks for what went with it.
        string how = reverts.Length > 0 ? LineFacts.Trailer : inverse.Length > 0 ? LineFacts.Patch : LineFacts.Lost;
        if (_facts.Revert(branch, commit, [.. reverts, .. inverse, .. lost], how) is { } revert) yield return revert;
    }

    // What a landing that took nothing should have brought: its pull request, the branch's head, and what had landed on another line there.
    private IEnumerable<Key> BranchOf(LineCommit commit, HashSet<string> landed)
    {
        if (commit.PullRequest is { } number) yield return Key.PullRequest(settings.Repository, number);
        if (!commit.IsMerge) yield break;
        yield return Key.Commit(settings.Repository, commit.Parents[1]);
        foreach (string sha in _memory.Sides.GetValueOrDefault(commit.Sha, MergeSide.Unknown).Commits.Where(landed.Contains)) yield return Key.Commit(settings.Repository, sha);
    }

    private Key[] Commits(IEnumerable<string> shas) => [.. shas.Select(sha => Key.Commit(settings.Repository, sha))];
}
