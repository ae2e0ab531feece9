using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Takes the part of a batch that concerns lines into the line index, and says which changes have to be folded again because of it.
/// Everything it writes follows from facts and commits alone, so it is the same in whatever order they came.
/// </summary>
internal sealed partial class LineBatch(LineIndex index, LineMap map, CoverageKinds kinds, FactGraph graph, Func<IReadOnlyCollection<Key>, IReadOnlyCollection<Key>, ValueTask> load)
{
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
        var evidence = new EvidenceStage(index, map, _marks, _levels, kinds, graph, _ahead, load);
        foreach (string repository in _history.Begun) await evidence.BeginAsync(repository).ConfigureAwait(false);
        await evidence.TakeAsync(registers).ConfigureAwait(false);
        await LocateEvidenceAsync().ConfigureAwait(false);
        foreach (var line in heads.GroupBy(static f => f.Subject)) await TakeHeadAsync(line.Key, line).ConfigureAwait(false);
        foreach (var fact in registers)
            if (fact.Kind == FactKinds.Baseline) await TakeBaselineAsync(fact).ConfigureAwait(false);
        foreach (string repository in _history.Located.Select(static l => l.Repository).Distinct(StringComparer.Ordinal)) await LocateHeadsAsync(repository).ConfigureAwait(false);
        foreach (var (repository, sha, byMerge) in _history.Joined) await ConcernJoinedAsync(repository, sha, byMerge).ConfigureAwait(false);
        Changes.UnionWith(_marks.Cut);
        await ConcernUnplacedAsync().ConfigureAwait(false);
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

    // A landing whose place is not known is found by no range of places: it knows what its own commit ran as, and which targets there are.
    private async ValueTask ConcernUnplacedAsync()
    {
        var landings = new List<IndexRange>();
        foreach (var commit in _levels.Ran)
            if (await map.LocateAsync(commit.Repository, commit.Sha).ConfigureAwait(false) is null) landings.Add(LineKeys.Under(LineKeys.EffectsBySha(commit.Repository, commit.Sha)));
        foreach (string repository in _levels.Turned.Union(_history.Begun))
        {
            if ((await map.GraphAsync(repository).ConfigureAwait(false)).Chains.Count == 0) continue;
            foreach (var wanted in await index.ScanAsync(LineKeys.Under(LineKeys.Wanted(repository))).ConfigureAwait(false)) landings.Add(LineKeys.Under(LineKeys.EffectsBySha(repository, LineKeys.Last(wanted.Key))));
        }
        if (landings.Count == 0) return;
        foreach (var rows in await index.ScanAsync(landings).ConfigureAwait(false))
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
}
