using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Takes the part of a batch that concerns lines into the line index, and says which changes have to be folded again because of it.
/// Everything it writes follows from facts and commits alone, so it is the same in whatever order they came.
/// </summary>
internal sealed class LineBatch(LineIndex index, LineMap map, CoverageKinds kinds, FactGraph graph, Func<IReadOnlyCollection<Key>, IReadOnlyCollection<Key>, ValueTask> load)
{
    // More commits than this above a place that got more past are not looked at one by one.
    private const int MaxJoined = 200;

    private readonly HistoryStage _history = new(index, map);
    private readonly MarkStage _marks = new(index, map, kinds.AsksForLines);
    private readonly LevelStage _levels = new(index, map, kinds.IsHealth, kinds.IsRollout, kinds.Soaks);
    private readonly ReadAhead _ahead = new(kinds, graph);
    private readonly List<AffectedRange> _ranges = [];

    /// <summary>The changes that what was taken concerns directly.</summary>
    public HashSet<Key> Changes { get; } = [];

    /// <summary>The places whose changes it concerns, each at most once.</summary>
    public IEnumerable<AffectedRange> Ranges => _marks.Affected.Concat(_levels.Affected).Concat(_ranges).Distinct();

    /// <param name="nodes">Commits.</param>
    /// <param name="registers">The registers that have another value now.</param>
    /// <param name="heads">What was heard of lines' heads, whether or not it is the newest.</param>
    public async ValueTask TakeAsync(IReadOnlyCollection<CommitNode> nodes, IReadOnlyCollection<Fact> registers, IReadOnlyCollection<Fact> heads)
    {
        foreach (var repository in nodes.GroupBy(static n => n.Repository, StringComparer.Ordinal))
            await _history.InsertAsync(repository.Key, [.. repository]).ConfigureAwait(false);
        foreach (var (repository, sha) in _history.Seams) await _marks.MendAsync(repository, sha).ConfigureAwait(false);
        await index.ReadAheadAsync(registers.SelectMany(_ahead.Of)).ConfigureAwait(false);
        await TakeEffectsAsync(registers).ConfigureAwait(false);
        await LocateEffectsAsync().ConfigureAwait(false);
        await new EvidenceStage(index, map, _marks, _levels, kinds, graph, _ahead, load).TakeAsync(registers).ConfigureAwait(false);
        await LocateEvidenceAsync().ConfigureAwait(false);
        foreach (var line in heads.GroupBy(static f => f.Subject)) await TakeHeadAsync(line.Key, line).ConfigureAwait(false);
        foreach (var fact in registers)
            if (fact.Kind == FactKinds.Baseline) await TakeBaselineAsync(fact).ConfigureAwait(false);
        foreach (string repository in _history.Located.Select(static l => l.Repository).Distinct(StringComparer.Ordinal)) await LocateHeadsAsync(repository).ConfigureAwait(false);
        foreach (var (repository, sha, byMerge) in _history.Joined) await ConcernJoinedAsync(repository, sha, byMerge).ConfigureAwait(false);
        Changes.UnionWith(_marks.Cut);
        foreach (string repository in _levels.Heard.Union(_history.Begun)) await ConcernUnplacedAsync(repository).ConfigureAwait(false);
    }

    private async ValueTask TakeEffectsAsync(IReadOnlyCollection<Fact> registers)
    {
        var sources = new HashSet<Key>();
        var open = new Queue<Key>();
        foreach (var fact in registers)
        {
            if (!ReadAhead.MayAffect(fact)) continue;
            if ((fact.Subject.Is(KeySchemes.Commit) || fact.Subject.Is(KeySchemes.PullRequest)) && sources.Add(fact.Subject)) open.Enqueue(fact.Subject);
            foreach (var named in EffectFold.Named(fact)) index.Put(LineKeys.NamedBy(named, fact.Subject), "");
        }
        while (open.TryDequeue(out var source))
        {
            foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.NamedBy(source))).ConfigureAwait(false))
                await AddAsync(Key.Parse(LineKeys.Last(row.Key))).ConfigureAwait(false);
            if (source.Is(KeySchemes.PullRequest))
                foreach (var landing in graph.ChildrenOf(source).Where(graph.IsLanding).ToList())
                    await AddAsync(landing).ConfigureAwait(false);
            else
                foreach (var change in graph.ParentsOf(source).Where(static p => p.Is(KeySchemes.PullRequest)).ToList())
                    await AddAsync(change).ConfigureAwait(false);
        }
        foreach (var source in sources)
            if (source.Is(KeySchemes.Commit) && CommitId.Of(source) is { } commit)
                await TakeEffectsAsync(source, commit).ConfigureAwait(false);

        async ValueTask AddAsync(Key key)
        {
            if (!sources.Add(key)) return;
            await load([key], []).ConfigureAwait(false);
            open.Enqueue(key);
        }
    }

    private async ValueTask TakeEffectsAsync(Key source, CommitId commit)
    {
        await LoadNamedAsync(source).ConfigureAwait(false);
        var effects = EffectFold.Of(source, graph);
        string prefix = LineKeys.EffectsBySha(commit.Repository, commit.Sha);
        var before = (await index.ScanAsync(LineKeys.Under(prefix)).ConfigureAwait(false)).Select(r => Key.Parse(r.Key[prefix.Length..])).ToHashSet();
        if (before.Count + effects.Count == 0) return;
        var stored = await index.FindAsync(before.Select(c => LineKeys.Effect(c, commit.Repository, commit.Sha))).ConfigureAwait(false);
        var point = await map.LocateAsync(commit.Repository, commit.Sha).ConfigureAwait(false);
        bool isNews = false;
        foreach (var change in before)
        {
            if (effects.TryGetValue(change, out var same) && stored[LineKeys.Effect(change, commit.Repository, commit.Sha)] == same.Write()) continue;
            isNews = true;
            Changes.Add(change);
            if (effects.ContainsKey(change)) continue;
            index.Remove(LineKeys.Effect(change, commit.Repository, commit.Sha));
            index.Remove(LineKeys.EffectBySha(commit.Repository, commit.Sha, change));
            if (point is not { } at) continue;
            index.Remove(LineKeys.EffectByPlace(commit.Repository, at, change));
            index.Remove(LineKeys.RemovalByPlace(commit.Repository, at, change));
        }
        foreach (var (change, effect) in effects)
        {
            if (stored.TryGetValue(LineKeys.Effect(change, commit.Repository, commit.Sha), out string? same) && same == effect.Write()) continue;
            isNews = true;
            Changes.Add(change);
            index.Put(LineKeys.Effect(change, commit.Repository, commit.Sha), effect.Write());
            index.Put(LineKeys.EffectBySha(commit.Repository, commit.Sha, change), "");
            if (point is { } at) PutPlace(commit.Repository, at, change, effect);
            else index.Put(LineKeys.Wanted(commit.Repository, commit.Sha), effect.Branch ?? "");
        }
        if (isNews) await _marks.ConcernReleasedAsync(commit).ConfigureAwait(false);
    }

    private void PutPlace(string repository, ChainPoint point, Key change, Effect effect)
    {
        index.Put(LineKeys.EffectByPlace(repository, point, change), effect.Write());
        if (!effect.Adds) index.Put(LineKeys.RemovalByPlace(repository, point, change), "");
        else index.Remove(LineKeys.RemovalByPlace(repository, point, change));
    }

    // What a commit undoes may itself undo something, and so on.
    private async ValueTask LoadNamedAsync(Key source)
    {
        var seen = new HashSet<Key> { source };
        var open = new List<Key> { source };
        while (open.Count > 0)
        {
            var next = open.SelectMany(k => EffectFold.NamedBy(k, graph)
                .Concat(k.Is(KeySchemes.Commit) ? graph.ParentsOf(k).Where(static p => p.Is(KeySchemes.PullRequest)) : graph.ChildrenOf(k).Where(graph.IsLanding))).Where(seen.Add).ToList();
            if (next.Count > 0) await load([], next).ConfigureAwait(false);
            open = next;
        }
    }

    private async ValueTask LocateEffectsAsync()
    {
        if (_history.Located.Count == 0) return;
        var rows = await index.ScanAsync([.. _history.Located.Select(l => LineKeys.Under(LineKeys.EffectsBySha(l.Repository, l.Sha)))]).ConfigureAwait(false);
        for (int i = 0; i < rows.Count; i++)
        {
            var (repository, sha) = _history.Located[i];
            foreach (var row in rows[i])
            {
                var change = Key.Parse(LineKeys.Last(row.Key));
                var effect = Effect.Read((await index.FindAsync(LineKeys.Effect(change, repository, sha)).ConfigureAwait(false))!);
                PutPlace(repository, map.Find(repository, sha)!.Value, change, effect);
                Changes.Add(change);
            }
        }
        foreach (string key in (await index.FindAsync(_history.Located.SelectMany(static l => new[] { LineKeys.Wanted(l.Repository, l.Sha), LineKeys.Running(l.Repository, l.Sha) })).ConfigureAwait(false)).Keys) index.Remove(key);
    }

    // A landing whose place is not known is found by no range of places; it is told which targets there are, and waits for more once lines are known at all.
    private async ValueTask ConcernUnplacedAsync(string repository)
    {
        if ((await map.GraphAsync(repository).ConfigureAwait(false)).Chains.Count == 0) return;
        var wanted = await index.ScanAsync(LineKeys.Under(LineKeys.Wanted(repository))).ConfigureAwait(false);
        foreach (var rows in await index.ScanAsync([.. wanted.Select(w => LineKeys.Under(LineKeys.EffectsBySha(repository, LineKeys.Last(w.Key))))]).ConfigureAwait(false))
            foreach (var row in rows)
                Changes.Add(Key.Parse(LineKeys.Last(row.Key)));
    }

    private async ValueTask LocateEvidenceAsync()
    {
        if (_history.Located.Count == 0) return;
        var rows = await index.ScanAsync([.. _history.Located.Select(l => LineKeys.Under(LineKeys.EvidenceBySha(l.Repository, l.Sha)))]).ConfigureAwait(false);
        for (int i = 0; i < rows.Count; i++)
        {
            var commit = new CommitId(_history.Located[i].Repository, _history.Located[i].Sha);
            foreach (var row in rows[i])
            {
                var (series, register) = LineKeys.ReadEvidence(row.Key);
                bool level = kinds.IsLevel(SeriesName.KindOf(series));
                await _marks.UpdateAsync(commit, series, level).ConfigureAwait(false);
                if (level) await _levels.ConcernAsync(commit.Repository, series, EvidenceRow.Read(register, row.Value).Ordinal, register).ConfigureAwait(false);
            }
        }
    }

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
        await _levels.ConcernMoveAsync(repository, now, known, only).ConfigureAwait(false);
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
        if (!lines.HaveSameGaps(old, head))
        {
            AddOff(lines, old, branch);
            AddOff(lines, head, branch);
            await ConcernRemovalsAsync(lines, r => (lines.Contains(old, r), lines.MayContain(old, r)) != (lines.Contains(head, r), lines.MayContain(head, r))).ConfigureAwait(false);
        }
        var (reach, ahead, wasAhead) = (lines.Reach(head), lines.Entries(head), lines.Entries(old));
        foreach (int chain in ahead.Keys.Union(wasAhead.Keys))
        {
            long one = ahead.TryGetValue(chain, out long now) ? now : long.MaxValue, other = wasAhead.TryGetValue(chain, out long then) ? then : long.MaxValue;
            // What was ahead of the head and is contained now stands as it stood.
            long from = Math.Min(one, other), last = reach.GetValueOrDefault(chain, long.MinValue);
            if (one != other && last < Math.Max(one, other)) _ranges.Add(new AffectedRange(repository, chain, Math.Max(from, last), Math.Max(one, other), default, branch));
        }
    }

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
        await _levels.ConcernMoveAsync(repository, sha, before == sha ? null : before).ConfigureAwait(false);
    }

    // A gap was healed, or a merge's other side became known: what lies above has more past than before.
    private async ValueTask ConcernJoinedAsync(string repository, string sha, bool byMerge)
    {
        var lines = await map.GraphAsync(repository).ConfigureAwait(false);
        if (await map.LocateAsync(repository, sha).ConfigureAwait(false) is not { } point) return;
        // What is known of a merge's other side only now was said to be off the line, and of nothing else anything changes; unless the side has a gap of its own.
        if (byMerge) AddJoined(lines, point, byMerge);
        if (byMerge && lines.FirstParent(point) is { } parent && lines.HaveSameGaps(point, parent)) return;
        if (await AboveAsync(lines, point).ConfigureAwait(false) is { } commits) await ConcernAboveAsync(lines, point, commits).ConfigureAwait(false);
        else await ConcernAllAsync(lines, point).ConfigureAwait(false);
        bool counts = false;
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Heads(repository))).ConfigureAwait(false))
        {
            if (LineHead.Read(row.Value).Known is not { } known || await map.LocateAsync(repository, known).ConfigureAwait(false) is not { } head || !lines.Contains(head, point)) continue;
            string branch = LineKeys.Last(row.Key);
            // With more past, a line is known to have gone another way than what landed on it elsewhere.
            AddOff(lines, head, branch);
            await ConcernRemovalsAsync(lines, r => lines.Contains(point, r)).ConfigureAwait(false);
            counts |= kinds.AsksForLine(branch);
        }
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Baselines(repository))).ConfigureAwait(false))
            counts |= await map.LocateAsync(repository, row.Value).ConfigureAwait(false) is { } baseline && lines.Contains(baseline, point);
        if (counts && !byMerge) AddJoined(lines, point, byMerge);
    }

    // The commits that contain a place, which mostly became known a moment ago; null when they are more than is read one by one.
    private async ValueTask<List<string>?> AboveAsync(LineGraph lines, ChainPoint point)
    {
        var entries = lines.Entries(point);
        if (entries.Count > MaxJoined) return null;
        var commits = new List<string>();
        foreach (var (chain, from) in entries)
        {
            if (lines.Chain(chain).Last - Math.Max(from, lines.Chain(chain).First) >= MaxJoined - commits.Count) return null;
            string places = LineKeys.Places(lines.Repository, chain);
            foreach (var row in await index.ScanAsync(new IndexRange(places + LineKeys.Position(from), $"{places[..^1]}\n")).ConfigureAwait(false)) commits.Add(row.Value);
        }
        return commits;
    }

    // They are concerned themselves; and what is said of them counts, as if it were said only now, for what they contain.
    private async ValueTask ConcernAboveAsync(LineGraph lines, ChainPoint point, List<string> commits)
    {
        foreach (var (chain, from) in lines.Entries(point))
        {
            _ranges.Add(new AffectedRange(lines.Repository, chain, from, long.MaxValue));
            await _marks.ConcernSegmentAsync(lines, chain, from, lines.Chain(chain).Last).ConfigureAwait(false);
        }
        foreach (var rows in await index.ScanAsync([.. commits.Select(c => LineKeys.Under(LineKeys.EvidenceBySha(lines.Repository, c)))]).ConfigureAwait(false))
        {
            foreach (var row in rows)
            {
                var (series, register) = LineKeys.ReadEvidence(row.Key);
                if (kinds.IsLevel(SeriesName.KindOf(series))) await _levels.ConcernAsync(lines.Repository, series, EvidenceRow.Read(register, row.Value).Ordinal, register).ConfigureAwait(false);
            }
        }
    }

    // While a head does not show what its line holds, a removal counts for the branch on which it landed; else where it is contained.
    private async ValueTask ConcernRemovalsAsync(LineGraph lines, Predicate<ChainPoint> which)
    {
        // There are far fewer removals than landings.
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Removals(lines.Repository))).ConfigureAwait(false))
            if (which(LineKeys.ReadPlace(row.Key))) Changes.Add(Key.Parse(LineKeys.Last(row.Key)));
    }

    private async ValueTask ConcernAllAsync(LineGraph lines, ChainPoint point)
    {
        var above = lines.Above(point.Chain);
        foreach (int chain in above)
        {
            await _marks.ConcernPastAsync(lines, chain).ConfigureAwait(false);
            _ranges.Add(new AffectedRange(lines.Repository, chain, long.MinValue, long.MaxValue));
        }
        await _levels.ConcernChainsAsync(lines.Repository, above).ConfigureAwait(false);
    }

    // What a commit contains only since it was joined: to a gate that asks for its line, or to a baseline, that is news.
    private void AddJoined(LineGraph lines, ChainPoint point, bool byMerge)
    {
        var below = byMerge ? lines.FirstParent(point) : null;
        var before = below is { } parent ? lines.Reach(parent) : new Dictionary<int, long>();
        foreach (var (chain, last) in lines.Reach(point))
        {
            long from = before.TryGetValue(chain, out long known) ? known + 1 : long.MinValue;
            if (from <= last) _ranges.Add(new AffectedRange(lines.Repository, chain, from, last));
        }
    }
}
