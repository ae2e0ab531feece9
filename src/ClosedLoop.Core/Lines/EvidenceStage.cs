using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>
/// Takes evidence into the line index: runs, images, rollouts, checks and vetoes by the commits that they are about, with the rows of those
/// that a new link made evidence about other commits.
/// </summary>
internal sealed class EvidenceStage(LineIndex index, LineMap map, MarkStage marks, LevelStage levels, CoverageKinds kinds, FactGraph graph, ReadAhead ahead, Func<IReadOnlyCollection<Key>, IReadOnlyCollection<Key>, ValueTask> load)
{
    public async ValueTask TakeAsync(IReadOnlyCollection<Fact> registers)
    {
        var changed = new Dictionary<RegisterId, Fact>();
        var points = new HashSet<(CommitId Commit, string Series)>();
        foreach (var fact in registers)
        {
            Add(fact);
            if (ReadAhead.MayBeLinked(fact.Subject)) await AddBelowAsync(fact.Subject, []).ConfigureAwait(false);
            foreach (var ran in EnvironmentEntry.Running(fact)) index.Put(LineKeys.RanBy(ran, fact.Subject), "");
        }
        var running = changed.Values.SelectMany(EnvironmentEntry.Running).Distinct().ToList();
        if (running.Count > 0) await load([], running).ConfigureAwait(false);
        foreach (var fact in changed.Values.OrderBy(static f => f.Register)) await TakeAsync(fact, points).ConfigureAwait(false);
        await index.ReadAheadAsync(points.SelectMany(p => marks.Ahead(p.Commit, p.Series))).ConfigureAwait(false);
        foreach (var (commit, series) in points.OrderBy(static p => p.Commit.Sha, StringComparer.Ordinal).ThenBy(static p => p.Series, StringComparer.Ordinal))
            await marks.UpdateAsync(commit, series, kinds.IsLevel(SeriesName.KindOf(series))).ConfigureAwait(false);

        void Add(Fact fact)
        {
            if (ahead.IsEvidence(fact)) changed[fact.Register] = fact;
        }

        async ValueTask AddBelowAsync(Key key, HashSet<Key> seen)
        {
            if (!seen.Add(key)) return;
            var entries = (await index.ScanAsync(LineKeys.Under(LineKeys.RanBy(key))).ConfigureAwait(false)).Select(static r => Key.Parse(LineKeys.Last(r.Key))).ToList();
            if (entries.Count > 0) await load([], entries).ConfigureAwait(false);
            foreach (var fact in graph.FactsOf(key)) Add(fact);
            foreach (var fact in entries.SelectMany(graph.FactsOf)) Add(fact);
            foreach (var child in graph.ChildrenOf(key).ToList()) await AddBelowAsync(child, seen).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAsync(Fact fact, HashSet<(CommitId Commit, string Series)> points)
    {
        string register = LineKeys.Text(fact.Register), key = LineKeys.Register(fact.Register);
        var row = EvidenceRow.Of(fact);
        var commits = EvidenceFold.CommitsOf(fact, graph);
        string series = EvidenceFold.SeriesOf(fact);
        var before = await index.FindAsync(key).ConfigureAwait(false) is { } value ? IndexedEvidence.Read(value) : null;
        var after = new IndexedEvidence(series, row.Ordinal, [.. commits], commits.Count == 0 && fact.Status == GateStatus.NotApplicable ? await RepositoriesOfAsync(fact, series).ConfigureAwait(false) : []);
        bool level = kinds.IsLevel(fact.Kind);
        // Of whatever ran there before, also of what is told of only later.
        bool isGone = level && commits.Count == 0 && fact.Status == GateStatus.NotApplicable && EvidenceFold.RepositoryOf(fact) is null;
        if (before is null && after.Repositories.Count == 0 && !isGone) return;
        if (fact.Kind == FactKinds.Veto)
        {
            foreach (var old in before?.Commits ?? []) index.Remove(LineKeys.Veto(old.Repository, old.Sha, register));
            foreach (var commit in commits) index.Put(LineKeys.Veto(commit.Repository, commit.Sha, register), row.Write());
            index.Put(key, after.Write());
            foreach (var commit in commits.Concat(before?.Commits ?? []).Distinct()) await levels.ConcernVetoAsync(commit).ConfigureAwait(false);
            return;
        }
        if (before is not null)
        {
            if (level && before.Commits.IsEmpty) index.Remove(LineKeys.Gone(before.Series, before.Ordinal, register));
            if (level)
                foreach (string repository in before.Repositories)
                    await levels.ConcernAsync(repository, before.Series, before.Ordinal, register).ConfigureAwait(false);
            foreach (var old in before.Commits)
            {
                index.Remove(LineKeys.EvidenceBySha(old.Repository, old.Sha, before.Series, register));
                points.Add((old, before.Series));
            }
            foreach (string repository in before.Repositories) index.Remove(LineKeys.Entry(repository, before.Series, before.Ordinal, register));
        }
        foreach (var commit in commits)
        {
            index.Put(LineKeys.EvidenceBySha(commit.Repository, commit.Sha, series, register), row.Write());
            points.Add((commit, series));
            if (level) await WantAsync(commit.Repository, commit.Sha).ConfigureAwait(false);
        }
        if (isGone) index.Put(LineKeys.Gone(series, row.Ordinal, register), new LevelEntry(row.Ordinal, register, fact.Status, fact.Reason, fact.OccurredAt, []).Write());
        foreach (string repository in after.Repositories)
        {
            if (level && !isGone) await AddGoneAsync(series, repository).ConfigureAwait(false);
            index.Put(LineKeys.Series(repository, series), "");
            index.Put(LineKeys.SeriesIn(series, repository), "");
            if (!level) continue;
            var entry = new LevelEntry(row.Ordinal, register, fact.Status, fact.Reason, fact.OccurredAt, [.. after.Commits.Where(c => c.Repository == repository).Select(static c => c.Sha)]);
            index.Put(LineKeys.Entry(repository, series, fact.Ordinal, register), entry.Write());
        }
        index.Put(key, after.Write());
        if (level)
            foreach (string repository in after.Repositories)
                await levels.ConcernAsync(repository, series, row.Ordinal, register).ConfigureAwait(false);
    }

    /// <summary>The first history of a repository became known: the places of what was said to run before are wanted from now on.</summary>
    public async ValueTask BeginAsync(string repository)
    {
        const int PageSize = 1_024;
        var all = LineKeys.Under(LineKeys.Evidence(repository), PageSize);
        for (bool more = true; more;)
        {
            var rows = await index.ScanAsync(all).ConfigureAwait(false);
            foreach (var row in rows)
                if (kinds.IsLevel(SeriesName.KindOf(LineKeys.ReadEvidence(row.Key).Series))) await WantAsync(repository, row.Key.Split('\t')[2]).ConfigureAwait(false);
            more = rows.Count == PageSize;
            if (more) all = all with { From = $"{rows[^1].Key}\t" };
        }
    }

    // What runs may be on no line that is known. Only where lines are known at all: else there is nobody to ask, and a row for each commit that ever ran.
    private async ValueTask WantAsync(string repository, string sha)
    {
        if ((await map.GraphAsync(repository).ConfigureAwait(false)).Chains.Count > 0 && await map.LocateAsync(repository, sha).ConfigureAwait(false) is null) index.Put(LineKeys.Running(repository, sha), "");
    }

    // That a target is gone may have been told before anybody told what ran there.
    private async ValueTask AddGoneAsync(string series, string repository)
    {
        if (await index.FindAsync(LineKeys.SeriesIn(series, repository)).ConfigureAwait(false) is not null) return;
        string prefix = LineKeys.Gone(series);
        foreach (var row in await index.ScanAsync(LineKeys.Under(prefix)).ConfigureAwait(false))
        {
            var gone = LevelEntry.Read(prefix, row);
            string key = LineKeys.Register(LineKeys.ReadRegister(gone.Register));
            if (await index.FindAsync(key).ConfigureAwait(false) is not { } value) continue;
            var known = IndexedEvidence.Read(value);
            if (known.Others.Contains(repository)) continue;
            index.Put(key, (known with { Others = [.. known.Others.Add(repository).Order(StringComparer.Ordinal)] }).Write());
            index.Put(LineKeys.Entry(repository, series, gone.Ordinal, gone.Register), row.Value);
            await levels.ConcernAsync(repository, series, gone.Ordinal, gone.Register).ConfigureAwait(false);
        }
    }

    // A target that is gone runs no commit: it concerns the repositories that it ran before.
    private async ValueTask<ImmutableArray<string>> RepositoriesOfAsync(Fact fact, string series)
    {
        if (EvidenceFold.RepositoryOf(fact) is { } repository) return [repository];
        var rows = await index.ScanAsync(LineKeys.Under(LineKeys.RepositoriesOf(series))).ConfigureAwait(false);
        return [.. rows.Select(static r => LineKeys.Last(r.Key))];
    }
}
