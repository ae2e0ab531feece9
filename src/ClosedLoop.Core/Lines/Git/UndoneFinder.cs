using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// Finds what commits of a line took back without declaring it. The patch of a landing is its difference to its first parent, so that an
/// evil merge and a bad squash are judged by what they did to the line.
/// </summary>
internal sealed class UndoneFinder(GitRunner git, CloneMemory memory, Declarations declared) : IDisposable
{
    private readonly ContentCheck _content = new(git);
    private readonly PatchIdReader _patchIds = new(git);

    /// <summary>Adds what a line's own commits took back, for those that are not known yet.</summary>
    public async Task FindAsync(LineView line, CancellationToken cancellationToken)
    {
        var pending = line.OwnCommits.Where(c => !memory.Undone.ContainsKey(c.Sha)).ToList();
        if (pending.Count == 0) return;
        var fresh = pending.Select(static c => c.Sha).ToHashSet(StringComparer.Ordinal);
        var suspects = Suspects.Find(line.Window, memory.Changes, c => fresh.Contains(c.Sha));
        await ReadPatchIdsAsync(pending, suspects, cancellationToken).ConfigureAwait(false);
        var lines = await new PatchLinesReader(git, memory).ReadAsync(
            suspects.SelectMany(s => s.Value.Select(DiffKey.Of)).Concat(pending.Where(c => suspects.GetValueOrDefault(c.Sha) is { Count: > 0 }).Select(DiffKey.Of)), cancellationToken).ConfigureAwait(false);
        var versions = VersionHistory.Of(line.Window.Reverse().Select(c => (c, memory.ChangesOf(c))));
        var undoers = new Undoers();
        // Oldest first: what was taken back before cannot be taken back again.
        foreach (var commit in line.Window.Reverse())
        {
            // Kept one by one: a look that runs out of time goes on here at the next one.
            if (fresh.Contains(commit.Sha)) memory.Undone[commit.Sha] = await OfAsync(commit, suspects.GetValueOrDefault(commit.Sha) ?? [], lines, versions, undoers, cancellationToken).ConfigureAwait(false);
            undoers.Add(commit.Sha, declared.RevertsAnywhere(commit).Concat(memory.Undone.GetValueOrDefault(commit.Sha, Undone.Nothing).All));
        }
    }

    public void Dispose() => _content.Dispose();

    private async Task ReadPatchIdsAsync(List<LineCommit> pending, Dictionary<string, List<LineCommit>> suspects, CancellationToken cancellationToken)
    {
        var forward = new HashSet<DiffKey>();
        var reverse = new HashSet<DiffKey>();
        foreach (var commit in pending)
        {
            foreach (var suspect in Opposites(commit, suspects.GetValueOrDefault(commit.Sha) ?? []))
            {
                forward.Add(DiffKey.Of(suspect));
                forward.Add(DiffKey.Of(commit));
                reverse.Add(DiffKey.Of(commit));
            }
        }
        await _patchIds.ReadAsync(forward, reverse: false, memory.PatchIds, cancellationToken).ConfigureAwait(false);
        await _patchIds.ReadAsync(reverse, reverse: true, memory.ReversePatchIds, cancellationToken).ConfigureAwait(false);
    }

    // Opposite patches have the same paths.
    private IEnumerable<LineCommit> Opposites(LineCommit commit, List<LineCommit> suspects) =>
        declared.Reverts(commit).Count > 0 ? [] : suspects.Where(s => memory.ChangesOf(s).PathSet == memory.ChangesOf(commit).PathSet);

    private async Task<Undone> OfAsync(LineCommit commit, List<LineCommit> suspects, Dictionary<DiffKey, PatchLines> lines, VersionHistory versions, Undoers undoers, CancellationToken cancellationToken)
    {
        var declaredHere = declared.RevertsAnywhere(commit);
        var open = suspects.Where(s => !declaredHere.Contains(s.Sha)).ToList();
        if (open.Count == 0) return Undone.Nothing;
        var targets = new HashSet<string>(declaredHere, StringComparer.Ordinal);
        string? inverse = null;
        if (memory.ReversePatchIds.GetValueOrDefault(DiffKey.Of(commit)) is { } opposite && !memory.IsItsOwnOpposite(DiffKey.Of(commit)))
            inverse = Opposites(commit, open).FirstOrDefault(s => memory.PatchIds.GetValueOrDefault(DiffKey.Of(s)) == opposite && undoers.Leave(s.Sha, targets))?.Sha;
        if (inverse is not null) targets.Add(inverse);
        var lost = ImmutableArray.CreateBuilder<string>();
        foreach (var suspect in open)
        {
            if (suspect.Sha == inverse || !undoers.Leave(suspect.Sha, targets)) continue;
            if (!await IsLostAsync(commit, suspect, lines, versions, cancellationToken).ConfigureAwait(false)) continue;
            lost.Add(suspect.Sha);
            targets.Add(suspect.Sha);
        }
        return new Undone(inverse, lost.ToImmutable());
    }

    private async Task<bool> IsLostAsync(LineCommit commit, LineCommit earlier, Dictionary<DiffKey, PatchLines> lines, VersionHistory versions, CancellationToken cancellationToken)
    {
        // Too large to be read, or a part of it is missing: nothing is said of it.
        if (!lines.TryGetValue(DiffKey.Of(earlier), out var brought) || !lines.TryGetValue(DiffKey.Of(commit), out var did)) return false;
        var here = memory.ChangesOf(commit).Items;
        var there = memory.ChangesOf(earlier).Items;
        var places = here.Select(static (c, i) => (c.Path, i)).ToDictionary(static p => p.Path, static p => p.i, StringComparer.Ordinal);

        // Some path still has, or has again, exactly what it brought; or another path has it now.
        var contents = here.Select(static c => c.After).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (there.Any(c => here[places[c.Path]].After == c.After || (c.After is not null && contents.Contains(c.After)))) return false;

        var gone = versions.GoneAt(commit.Sha, earlier.Sha);
        int[] open = [.. Enumerable.Range(0, there.Length).Where(i => !gone.Contains(there[i].Path))];
        if (!brought.MayBeTakenBackBy(open.Select(i => (i, places[there[i].Path])), did) || brought.AreMovedBy(did)) return false;
        return open.Length == 0 || await IsTakenAwayAsync(earlier, [.. open.Select(i => here[places[there[i].Path]])], cancellationToken).ConfigureAwait(false);
    }

    // Applied in reverse before the commit, not after it, and forward after it: it was there and is not. Neither: it has become
    // something else, which says nothing.
    private async Task<bool> IsTakenAwayAsync(LineCommit earlier, TreeChange[] changes, CancellationToken cancellationToken)
    {
        if (await _content.PatchAsync(DiffKey.Of(earlier), [.. changes.Select(static c => c.Path)], cancellationToken).ConfigureAwait(false) is not { } patch) return false;
        if (await _content.IndexAsync(changes.Select(static c => (c.Path, c.After)), cancellationToken).ConfigureAwait(false) is not { } after) return false;
        if (!await _content.IsAbsentAsync(patch, after, cancellationToken).ConfigureAwait(false)) return false;
        if (await _content.IsPresentAsync(patch, after, cancellationToken).ConfigureAwait(false)) return false;
        return await _content.IndexAsync(changes.Select(static c => (c.Path, c.Before)), cancellationToken).ConfigureAwait(false) is { } before
            && await _content.IsPresentAsync(patch, before, cancellationToken).ConfigureAwait(false);
    }
}
