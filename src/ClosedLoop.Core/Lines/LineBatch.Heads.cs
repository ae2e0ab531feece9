using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

// Where lines stand, and where tracking of them began.
internal sealed partial class LineBatch
{
    private async ValueTask TakeHeadAsync(Key subject, IEnumerable<Fact> said)
    {
        string value = subject.Value;
        int at = value.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0) return;
        string repository = value[..at].ToLowerInvariant(), branch = value[(at + 1)..], key = LineKeys.Head(repository, branch);
        var before = await index.FindAsync(key).ConfigureAwait(false) is { } stored ? LineHead.Read(stored) : null;
        var head = before;
        foreach (var fact in said)
        {
            if (!CommitId.IsSha(fact.Revision)) continue;
            var heard = new HeardHead(fact.Revision!.ToLowerInvariant(), fact.OccurredAt, fact.Ordinal);
            head = head?.With(heard) ?? LineHead.Of(heard);
        }
        if (head is null || ReferenceEquals(head, before)) return;
        index.Put(key, head.Write());
        await MoveHeadAsync(repository, branch, head).ConfigureAwait(false);
    }

    // Several sources may say where tracking began; their clocks are as good as we have.
    private Fact? Newest(Key subject, string kind) =>
        graph.FactsOf(subject).Where(f => f.Kind == kind && CommitId.IsSha(f.Revision)).OrderBy(static f => f.OccurredAt.UtcTicks).ThenBy(static f => f.Register).LastOrDefault();

    private async ValueTask LocateHeadsAsync(string repository)
    {
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Heads(repository))).ConfigureAwait(false))
            await MoveHeadAsync(repository, LineKeys.Last(row.Key), LineHead.Read(row.Value)).ConfigureAwait(false);
        var located = _history.Located.Where(l => l.Repository == repository).Select(static l => l.Sha).ToHashSet(StringComparer.Ordinal);
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Baselines(repository))).ConfigureAwait(false))
            if (located.Contains(row.Value)) await _levels.ConcernMoveAsync(repository, row.Value, null).ConfigureAwait(false);
    }

    private async ValueTask MoveHeadAsync(string repository, string branch, LineHead head)
    {
        string? known = head.Known, now = null;
        ChainPoint point = default;
        for (int i = 0; i < head.Heard.Length && now is null; i++)
        {
            if (await map.LocateAsync(repository, head.Heard[i].Commit).ConfigureAwait(false) is not { } place) continue;
            (now, point) = (head.Heard[i].Commit, place);
            if (i == head.Heard.Length - 1 && head.IsKnown) return;
            index.Put(LineKeys.Head(repository, branch), head.KnownFrom(i).Write());
        }
        if (now is null || now == known) return;
        // By its own head only what landed on a branch is judged, unless a gate asks for that branch.
        string? only = kinds.AsksForLine(branch) ? null : branch;
        await _levels.ConcernMoveAsync(repository, now, only is null && HasGrown(repository) ? null : known, only).ConfigureAwait(false);
        if (known is not null && only is null) await ConcernMarksAsync(repository, known, point).ConfigureAwait(false);
        await ConcernAheadAsync(repository, branch, known, point).ConfigureAwait(false);
    }

    // What contains a head is merely ahead of it; what neither contains it nor is contained is off the line, as far as no gap lies between them.
    private async ValueTask ConcernAheadAsync(string repository, string branch, string? before, ChainPoint head)
    {
        var lines = await map.GraphAsync(repository).ConfigureAwait(false);
        if (before is null || await map.LocateAsync(repository, before).ConfigureAwait(false) is not { } old)
        {
            AddOff(lines, head, branch);
            return;
        }
        bool hasGrown = HasGrown(repository);
        if (hasGrown || !lines.HaveSameGaps(old, head))
        {
            AddOff(lines, old, branch);
            AddOff(lines, head, branch);
            if (hasGrown) await ConcernRemovalsAsync(lines, branch, r => ((false, true), (lines.Contains(head, r), lines.MayContain(head, r)))).ConfigureAwait(false);
            await ConcernRemovalsAsync(lines, branch, r => ((lines.Contains(old, r), lines.MayContain(old, r)), (lines.Contains(head, r), lines.MayContain(head, r)))).ConfigureAwait(false);
        }
        var (ahead, wasAhead) = (lines.Entries(head), lines.Entries(old));
        foreach (int chain in ahead.Keys.Union(wasAhead.Keys))
        {
            long one = ahead.TryGetValue(chain, out long now) ? now : long.MaxValue, other = wasAhead.TryGetValue(chain, out long then) ? then : long.MaxValue;
            // What was ahead of the head and is contained now stands as it stood.
            long from = Math.Min(one, other), last = lines.LastReached(head, chain) ?? long.MinValue;
            if (one != other && last < Math.Max(one, other)) _ranges.Add(new AffectedRange(repository, chain, Math.Max(from, last), Math.Max(one, other), default, branch));
        }
    }

    // Where the same batch filled a gap, nobody knows any more what a place contained before it.
    private bool HasGrown(string repository) => _history.Joined.Exists(j => j.Repository == repository);

    private void AddOff(LineGraph lines, ChainPoint head, string branch)
    {
        var (reach, ahead) = (lines.Reach(head), lines.Entries(head));
        foreach (var chain in lines.Chains)
        {
            long from = reach.TryGetValue(chain.Id, out long last) ? last + 1 : chain.First, to = ahead.TryGetValue(chain.Id, out long first) ? first - 1 : chain.Last;
            // What is unknown of the last is unknown of all before it.
            if (from <= to && !lines.MayContain(head, new ChainPoint(chain.Id, to))) _ranges.Add(new AffectedRange(lines.Repository, chain.Id, from, to, default, branch));
        }
    }

    // Evidence at a commit that the line's own history gained counts from now on; at one that it left out, no longer.
    private async ValueTask ConcernMarksAsync(string repository, string before, ChainPoint head)
    {
        var lines = await map.GraphAsync(repository).ConfigureAwait(false);
        var old = await map.LocateAsync(repository, before).ConfigureAwait(false) is { } point ? lines.LineOf(point) : new Dictionary<int, long>();
        var now = lines.LineOf(head);
        foreach (int chain in now.Keys.Union(old.Keys))
        {
            long one = now.GetValueOrDefault(chain, long.MinValue), other = old.GetValueOrDefault(chain, long.MinValue);
            if (one != other) await _marks.ConcernSegmentAsync(lines, chain, Math.Min(one, other) is var from && from == long.MinValue ? from : from + 1, Math.Max(one, other)).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeBaselineAsync(Fact fact)
    {
        // branch:owner/repo@name, or environment:name@owner/repo: one subject, one repository.
        string value = fact.Subject.Value;
        int at = value.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0) return;
        string repository = (fact.Subject.Is(KeySchemes.Branch) ? value[..at] : value[(at + 1)..]).ToLowerInvariant();
        if (Newest(fact.Subject, FactKinds.Baseline) is not { } newest) return;
        string key = LineKeys.Baseline(repository, fact.Subject), sha = newest.Revision!.ToLowerInvariant();
        string? before = await index.FindAsync(key).ConfigureAwait(false);
        index.Put(key, sha);
        await _levels.ConcernMoveAsync(repository, sha, before == sha || HasGrown(repository) ? null : before).ConfigureAwait(false);
    }
}
