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
        var versions = VersionHistory.Of(line.Window.Reverse().Select(c => (c, memory.ChangesOf(c))));
        foreach (var commit in pending)
        {
            // Kept one by one: a look that runs out of time goes on here at the next one.
            memory.Undone[commit.Sha] = await OfAsync(commit, suspects.GetValueOrDefault(commit.Sha) ?? [], versions, cancellationToken).ConfigureAwait(false);
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

    private async Task<Undone> OfAsync(LineCommit commit, List<LineCommit> suspects, VersionHistory versions, CancellationToken cancellationToken)
    {
        if (suspects.Count == 0) return Undone.Nothing;
        string? inverse = null;
        if (memory.ReversePatchIds.GetValueOrDefault(DiffKey.Of(commit)) is { } opposite && !memory.IsItsOwnOpposite(DiffKey.Of(commit)))
            inverse = Opposites(commit, suspects).FirstOrDefault(s => memory.PatchIds.GetValueOrDefault(DiffKey.Of(s)) == opposite)?.Sha;
        var known = declared.RevertsAnywhere(commit);
        var lost = ImmutableArray.CreateBuilder<string>();
        foreach (var suspect in suspects)
        {
            if (suspect.Sha == inverse || known.Contains(suspect.Sha)) continue;
            if (await IsLostAsync(commit, suspect, versions, cancellationToken).ConfigureAwait(false)) lost.Add(suspect.Sha);
        }
        return new Undone(inverse, lost.ToImmutable());
    }

    private async Task<bool> IsLostAsync(LineCommit commit, LineCommit earlier, VersionHistory versions, CancellationToken cancellationToken)
    {
        var here = memory.ChangesOf(commit).Items.ToDictionary(static c => c.Path, StringComparer.Ordinal);
        var there = memory.ChangesOf(earlier).Items;
        // Some path still has, or has again, exactly what it brought; or has it under another name.
        if (there.Any(c => here[c.Path].After == c.After)) return false;
        var contents = here.Values.Select(static c => c.After).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (there.Any(c => c.After is not null && contents.Contains(c.After))) return false;

        var gone = versions.GoneAt(commit.Sha, earlier.Sha);
        string[] open = [.. there.Select(static c => c.Path).Where(p => !gone.Contains(p))];
        if (open.Length > 0 && !await IsTakenAwayAsync(commit, earlier, open, here, cancellationToken).ConfigureAwait(false)) return false;
        var patch = await _content.PatchAsync(DiffKey.Of(earlier), null, cancellationToken).ConfigureAwait(false);
        var later = await _content.PatchAsync(DiffKey.Of(commit), null, cancellationToken).ConfigureAwait(false);
        return patch is not null && later is not null && !Moves.Keeps(patch, later);
    }

    // Applied in reverse before the commit, not after it, and forward after it: it was there and is not. Neither: it has become
    // something else, which says nothing.
    private async Task<bool> IsTakenAwayAsync(LineCommit commit, LineCommit earlier, string[] paths, Dictionary<string, TreeChange> here, CancellationToken cancellationToken)
    {
        if (await _content.PatchAsync(DiffKey.Of(earlier), paths, cancellationToken).ConfigureAwait(false) is not { } patch) return false;
        string after = await _content.IndexAsync(paths.Select(p => (p, here[p].After)), cancellationToken).ConfigureAwait(false);
        if (!await _content.IsAbsentAsync(patch, after, cancellationToken).ConfigureAwait(false)) return false;
        if (await _content.IsPresentAsync(patch, after, cancellationToken).ConfigureAwait(false)) return false;
        string before = await _content.IndexAsync(paths.Select(p => (p, here[p].Before)), cancellationToken).ConfigureAwait(false);
        return await _content.IsPresentAsync(patch, before, cancellationToken).ConfigureAwait(false);
    }
}
