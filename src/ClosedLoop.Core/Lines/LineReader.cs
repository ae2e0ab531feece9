using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Reads lines for people: red or green, commits, what was built of them, what runs where. Only evidence that is there is told; nothing is read that a batch
/// would need to write, so a reader is as good beside a running engine as without one. Used once.
/// </summary>
internal sealed class LineReader(ILoopStore store, IReadOnlyList<PipelineDefinition> pipelines, CancellationToken cancellationToken)
{
    private const int MostCommits = 200;
    private static readonly char[] Verdicts = [Mark.Step, Mark.Shadowed, Mark.Failed];

    private readonly LineIndex _index = new(store, new IndexCache(), PendingRows.None, cancellationToken);

    // Of a name that several pipelines use, the definition of the first one speaks.
    private readonly List<GateDefinition> _gates = [.. pipelines.SelectMany(static p => p.Gates).Where(static g => g.Coverage == GateCoverage.Cumulative).DistinctBy(static g => g.Name)];
    private readonly CoverageKinds _kinds = new(pipelines);
    private readonly Dictionary<string, List<SeriesName>> _series = new(StringComparer.Ordinal);
    private LineMap? _map;

    private LineMap Map => _map ??= new LineMap(_index, []);

    /// <summary>The lines whose heads moved last, newest first.</summary>
    public async ValueTask<IReadOnlyList<LineSummary>> ListAsync(string? repository, int limit)
    {
        var rows = await _index.ScanAsync(repository is null ? LineKeys.Under(LineKeys.AllHeads) : LineKeys.Under(LineKeys.Heads(repository))).ConfigureAwait(false);
        var newest = rows.Select(static r => (Key: r.Key.Split('\t'), Head: LineHead.Read(r.Value)))
            .OrderByDescending(static h => h.Head.At).ThenBy(static h => h.Key[1], StringComparer.Ordinal).ThenBy(static h => h.Key[2], StringComparer.Ordinal)
            .Take(Math.Clamp(limit, 1, 500)).ToList();
        foreach (var line in newest.Where(static l => l.Head.Known is not null).GroupBy(static l => l.Key[1], StringComparer.Ordinal)) await Map.LoadAsync(line.Key, line.Select(static l => l.Head.Known!)).ConfigureAwait(false);
        var lines = new List<LineSummary>();
        foreach (var (key, head) in newest) lines.Add((await SummaryAsync(key[1], key[2], head).ConfigureAwait(false)).Line);
        return lines;
    }

    /// <summary>A part of a line; null when no source named the branch, or <see cref="LineQuery.Before"/> is not of it.</summary>
    public async ValueTask<LineView?> ReadAsync(LineQuery query)
    {
        string repository = query.Repository.Trim().Trim('/').ToLowerInvariant();
        if (repository.Any(char.IsControl) || query.Branch.Any(char.IsControl)) return null;
        if (await _index.FindAsync(LineKeys.Head(repository, query.Branch)).ConfigureAwait(false) is not { } value) return null;
        var (line, path) = await SummaryAsync(repository, query.Branch, LineHead.Read(value)).ConfigureAwait(false);
        if (path is null) return new LineView { Line = line, Commits = [], Targets = await TargetsAsync(repository, null).ConfigureAwait(false) };
        long from = 0;
        if (query.Before is { } before)
        {
            if (!CommitId.IsSha(before) || path.Behind(await Map.LocateAsync(repository, before.ToLowerInvariant()).ConfigureAwait(false)) is not { } behind) return null;
            from = behind + 1;
        }
        int limit = Math.Clamp(query.Limit, 1, MostCommits);
        var commits = await path.CommitsAsync(_index, repository, from, limit + 1).ConfigureAwait(false);
        bool more = commits.Count > limit;
        if (more) commits.RemoveAt(limit);
        return new LineView
        {
            Line = line,
            Commits = await CommitsAsync(repository, path, commits).ConfigureAwait(false),
            NextBefore = more ? commits[^1].Sha : null,
            Targets = await TargetsAsync(repository, path).ConfigureAwait(false),
        };
    }

    private async ValueTask<(LineSummary Line, LinePath? Path)> SummaryAsync(string repository, string branch, LineHead head)
    {
        var line = new LineSummary { Repository = repository, Branch = branch, Head = head.Commit, HeadAt = head.At };
        // The head may be known by now without a fact that said so again.
        string? known = await Map.LocateAsync(repository, head.Commit).ConfigureAwait(false) is not null ? head.Commit : head.Known;
        if (known is null || await Map.LocateAsync(repository, known).ConfigureAwait(false) is not { } point) return (line, null);
        var path = await LinePath.ReadAsync(_index, Map, repository, point).ConfigureAwait(false);
        var gates = new List<LineGate>();
        foreach (var gate in _gates)
            if (await GateAsync(repository, path, gate).ConfigureAwait(false) is { } seen)
                gates.Add(seen);
        return (line with { KnownHead = known, Gates = gates }, path);
    }

    // Of each series the newest verdict on the line; then the gate's own rule.
    private async ValueTask<LineGate?> GateAsync(string repository, LinePath path, GateDefinition gate)
    {
        var newest = new List<(string Series, long Behind, Mark Mark)>();
        foreach (var series in await SeriesAsync(repository).ConfigureAwait(false))
            if (series.CountsFor(gate) && await NearestAsync(repository, path, series.Text, Verdicts, 0).ConfigureAwait(false) is { } found)
                newest.Add((series.Text, found.Behind, found.Mark));
        if (newest.Count == 0) return null;
        var registers = newest.Select(static n => LineKeys.ReadRegister(n.Mark.Register)).ToList();
        var facts = await FactsAsync(registers.Select(static r => r.Subject)).ConfigureAwait(false);
        var spoken = new List<Fact>();
        foreach (var register in registers)
            if (facts.TryGetValue(register, out var fact))
                spoken.Add(fact);
        if (spoken.Count == 0) return null;
        var view = GateFold.Of(gate, spoken);
        var deciding = newest.Zip(registers).Where(n => (view.Status == GateStatus.Failed) == (n.First.Mark.Category == Mark.Failed)).Select(static n => n.First).OrderBy(static n => n.Behind).ToList();
        var result = new LineGate { Gate = gate.Name, Status = view.Status, Detail = view.Detail };
        if (deciding.Count == 0 || view.Status is not (GateStatus.Passed or GateStatus.Failed)) return result;
        DateTimeOffset? since = null;
        foreach (var (series, behind, mark) in deciding)
        {
            var start = await StartAsync(repository, path, series, behind, mark).ConfigureAwait(false);
            // Red since the first check failed; green since the last one passed.
            if (since is null || (mark.Passed ? start > since : start < since)) since = start;
        }
        return result with { Since = since, Commit = deciding[0].Mark.Commit, Behind = deciding[0].Behind };
    }

    // When the first of the verdicts of one colour in a row was reported: the oldest that is newer than the nearest of the other colour.
    private async ValueTask<DateTimeOffset> StartAsync(string repository, LinePath path, string series, long behind, Mark mark)
    {
        char[] other = mark.Passed ? [Mark.Failed] : [Mark.Step, Mark.Shadowed], same = mark.Passed ? [Mark.Step, Mark.Shadowed] : [Mark.Failed];
        long end = (await NearestAsync(repository, path, series, other, behind).ConfigureAwait(false))?.Behind ?? long.MaxValue;
        var first = mark.At;
        foreach (var part in path.Parts.Reverse())
        {
            // The part's positions that are newer than the end, oldest first.
            long low = end == long.MaxValue ? part.First : Math.Max(part.First, part.Last - (end - 1 - part.Before));
            if (low > part.Last || part.Before >= end) continue;
            var found = await store.ScanAsync([.. same.Select(c => Marks(repository, part.Chain, series, c, low, part.Last, descending: false))], cancellationToken).ConfigureAwait(false);
            var oldest = found.SelectMany((rows, i) => rows.Select(r => (Position: Position(r), Mark: Mark.Read(same[i], r.Value)))).OrderBy(static r => r.Position).FirstOrDefault();
            if (oldest.Mark is null) continue;
            first = oldest.Mark.At;
            break;
        }
        return first;
    }

    // The nearest mark of these categories at or below a place of the line.
    private async ValueTask<(long Behind, Mark Mark)?> NearestAsync(string repository, LinePath path, string series, char[] categories, long behind)
    {
        foreach (var part in path.Parts)
        {
            long last = part.Last - Math.Max(0, behind - part.Before);
            if (last < part.First) continue;
            var found = await store.ScanAsync([.. categories.Select(c => Marks(repository, part.Chain, series, c, part.First, last, descending: true))], cancellationToken).ConfigureAwait(false);
            var nearest = found.SelectMany((rows, i) => rows.Select(r => (Position: Position(r), Mark: Mark.Read(categories[i], r.Value)))).OrderByDescending(static r => r.Position).FirstOrDefault();
            if (nearest.Mark is not null) return (part.Before + part.Last - nearest.Position, nearest.Mark);
        }
        return null;
    }

    private static IndexRange Marks(string repository, int chain, string series, char category, long first, long last, bool descending)
    {
        string prefix = LineKeys.Marks(repository, chain, series, category);
        return new IndexRange(prefix + LineKeys.Position(first), prefix + LineKeys.Position(last + 1), 1, descending);
    }

    private static long Position(IndexEntry row) => LineKeys.ReadPosition(LineKeys.Last(row.Key));

    private async ValueTask<List<LineCommit>> CommitsAsync(string repository, LinePath path, List<(string Sha, ChainPoint Point)> commits)
    {
        // Straight from the store: nothing of it is asked for twice.
        var rows = await store.ScanAsync(
            [
                .. commits.Select(c => LineKeys.Under(LineKeys.EvidenceBySha(repository, c.Sha))),
                .. commits.Select(c => LineKeys.Under(LineKeys.EffectsByPlace(repository, c.Point))),
                .. commits.Select(c => LineKeys.Only(LineKeys.Node(repository, c.Sha))),
            ],
            cancellationToken).ConfigureAwait(false);
        int count = commits.Count;
        var evidence = rows.Take(count).Select(static r => r.Select(static e => LineKeys.ReadEvidence(e.Key)).Select(static e => (Series: SeriesName.Read(e.Series), Register: LineKeys.ReadRegister(e.Register))).ToList()).ToList();
        var effects = rows.Skip(count).Take(count).Select(static r => r.Select(static e => (Change: Key.Parse(LineKeys.Last(e.Key)), Effect: Effect.Read(e.Value))).ToList()).ToList();
        var counted = evidence.Select(e => e.Where(s => _gates.Exists(g => s.Series.CountsFor(g)))).ToList();
        var facts = await FactsAsync(counted.SelectMany(static e => e).Select(static e => e.Register.Subject).Concat(effects.SelectMany(static e => e).Select(static e => e.Change))).ConfigureAwait(false);
        var items = await ItemsAsync(effects, facts).ConfigureAwait(false);
        var view = new List<LineCommit>(count);
        for (int i = 0; i < count; i++)
        {
            var known = counted[i].Where(e => facts.ContainsKey(e.Register)).Select(e => (e.Series, Fact: facts[e.Register])).ToList();
            string[] node = rows[(2 * count) + i] is [var row, ..] ? row.Value.Split('\t') : [];
            Key[] landed = [.. effects[i].Where(static e => e.Effect.Adds).Select(static e => e.Change)];
            view.Add(new LineCommit
            {
                Sha = commits[i].Sha,
                Behind = path.Behind(commits[i].Point) ?? 0,
                CommittedAt = node is [_, _, { Length: > 0 } ticks] ? new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero) : null,
                Gates = GatesOf(known),
                Images = [.. known.Where(static k => k.Fact.Subject.Is(KeySchemes.Image) && k.Fact.Status == GateStatus.Passed).Select(static k => k.Fact.Subject.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Landed = landed,
                Removed = [.. effects[i].Where(static e => !e.Effect.Adds).Select(static e => e.Change)],
                Items = [.. landed.SelectMany(c => items.GetValueOrDefault(c, [])).DistinctBy(static r => r.State.Id).Select(r => ItemOf(r.State))],
            });
        }
        return view;
    }

    private List<CommitGate> GatesOf(List<(SeriesName Series, Fact Fact)> evidence)
    {
        var gates = new List<CommitGate>();
        foreach (var gate in _gates)
        {
            List<Fact> facts = [.. evidence.Where(e => e.Series.CountsFor(gate)).Select(static e => e.Fact)];
            if (facts.Count == 0) continue;
            var seen = GateFold.Of(gate, facts);
            gates.Add(new CommitGate { Gate = gate.Name, Status = seen.Status, Reason = seen.Reason, Detail = seen.Detail, Since = seen.Since, Writer = seen.Writer, Evidence = seen.Evidence });
        }
        return gates;
    }

    private LineItem ItemOf(ItemState state) => new()
    {
        Id = state.Id,
        Title = state.Title,
        IsDone = state.IsDone,
        WaitingOn = state.WaitingOn,
        ReleasedBy = [.. state.Gates
            .Where(static g => g is { Status: GateStatus.Passed, Coverage: { Relation: not CoverageRelation.Exact } coverage } && !coverage.Commit.IsEmpty)
            .Where(g => _gates.Exists(d => d.Name == g.Gate))
            .Select(static g => new LineRelease(g.Gate, g.Coverage!.Commit, g.Coverage.ReleasedBy, g.Coverage.LandedOnRed))],
    };

    // The items that a change's own facts name, else the one that stands for it.
    private async ValueTask<Dictionary<Key, List<ItemRecord>>> ItemsAsync(List<List<(Key Change, Effect Effect)>> effects, Dictionary<RegisterId, Fact> facts)
    {
        var named = facts.Values.GroupBy(static f => f.Subject).ToDictionary(static g => g.Key, static g => g.SelectMany(static f => f.Links).Where(static l => l.Is(KeySchemes.Item)).Distinct().ToList());
        var wanted = effects.SelectMany(static e => e).Where(static e => e.Effect.Adds).Select(static e => e.Change).Distinct()
            .ToDictionary(static c => c, c => named.GetValueOrDefault(c, []).Select(static i => i.Value).Append(c.ToString()).Distinct(StringComparer.Ordinal).ToList());
        var found = (await store.FindItemsAsync([.. wanted.Values.SelectMany(static i => i).Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false)).ToDictionary(static r => r.State.Id, StringComparer.Ordinal);
        return wanted.ToDictionary(static w => w.Key, w => w.Value.Where(found.ContainsKey).Select(id => found[id]).ToList());
    }

    private async ValueTask<IReadOnlyList<LineTarget>> TargetsAsync(string repository, LinePath? path)
    {
        var targets = new List<LineTarget>();
        var all = await SeriesAsync(repository).ConfigureAwait(false);
        foreach (var series in all)
        {
            if (!_kinds.IsRollout(series.Kind)) continue;
            var history = new LevelHistory(_index, Map, repository, series.Text);
            LevelEntry? running = null, attempt = null;
            int place = 0;
            for (; running is null && await history.GetAsync(place).ConfigureAwait(false) is { } entry; place++)
            {
                if (entry.SaysWhatRuns) running = entry;
                else if (attempt is null && (entry.Status is GateStatus.Running or GateStatus.Failed || entry.Reason != Reason.None)) attempt = entry;
            }
            if (running?.Status == GateStatus.NotApplicable && attempt is null) continue;
            if (running?.Status == GateStatus.NotApplicable) running = null;
            var since = running?.At;
            for (; running is not null && place < LevelPlaces && await history.GetAsync(place).ConfigureAwait(false) is { } older; place++)
            {
                if (!older.SaysWhatRuns) continue;
                if (!older.Commits.SequenceEqual(running.Commits)) break;
                since = older.At;
            }
            targets.Add(new LineTarget
            {
                Environment = series.Environment,
                Name = series.Name,
                Writer = series.Writer,
                Running = running is null ? [] : await DeploymentsAsync(repository, path, running).ConfigureAwait(false),
                Since = since,
                Attempt = attempt is null ? null : new LineAttempt(attempt.Status, attempt.Reason, attempt.At, await DeploymentsAsync(repository, path, attempt).ConfigureAwait(false)),
                Health = running is null || since is not { } start ? null : await HealthAsync(repository, all, series, running, start).ConfigureAwait(false),
            });
        }
        return [.. targets.OrderBy(static t => t.Environment, StringComparer.Ordinal).ThenBy(static t => t.Name, StringComparer.Ordinal).ThenBy(static t => t.Writer)];
    }

    // As far back as is worth it to say since when.
    private const int LevelPlaces = 100;

    private async ValueTask<List<LineDeployment>> DeploymentsAsync(string repository, LinePath? path, LevelEntry entry)
    {
        var deployments = new List<LineDeployment>();
        foreach (string sha in entry.Commits) deployments.Add(new LineDeployment(sha, path?.Behind(await Map.LocateAsync(repository, sha).ConfigureAwait(false))));
        return deployments;
    }

    // A check counts for what runs when it saw that, and since it runs.
    private async ValueTask<LineHealth?> HealthAsync(string repository, List<SeriesName> all, SeriesName rollout, LevelEntry running, DateTimeOffset since)
    {
        LineHealth? newest = null;
        foreach (var series in all)
        {
            if (!_kinds.IsHealth(series.Kind) || series.Environment != rollout.Environment || (series.Name.Length > 0 && series.Name != rollout.Name)) continue;
            var history = new LevelHistory(_index, Map, repository, series.Text);
            for (int place = 0; place < LevelHistory.MaxOlder && await history.GetAsync(place).ConfigureAwait(false) is { } check; place++)
            {
                if (check.At < since || check.Commits.Length == 0 || !check.Commits.All(running.Commits.Contains)) continue;
                if (newest is null || check.At > newest.At) newest = new LineHealth(check.Status, check.Reason, check.At, series.Writer);
                break;
            }
        }
        return newest;
    }

    private async ValueTask<List<SeriesName>> SeriesAsync(string repository) =>
        _series.TryGetValue(repository, out var known) ? known : _series[repository] = await SeriesName.AllAsync(_index, repository).ConfigureAwait(false);

    private async ValueTask<Dictionary<RegisterId, Fact>> FactsAsync(IEnumerable<Key> subjects)
    {
        var facts = new Dictionary<RegisterId, Fact>();
        foreach (var fact in await store.ReadSubjectsAsync(subjects.ToHashSet(), cancellationToken).ConfigureAwait(false)) facts[fact.Register] = fact;
        return facts;
    }
}
