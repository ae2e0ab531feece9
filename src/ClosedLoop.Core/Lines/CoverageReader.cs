using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Lines;

/// <summary>
/// Reads what the lines say of the changes that a batch folds: their landings, what took them away, and for each coverage gate the one
/// run, rollout or check that speaks. Does the reading for all of them, so that the fold itself is pure.
/// </summary>
internal sealed class CoverageReader(LineIndex index, LineMap map, CoverageKinds kinds, FactGraph graph, Func<IReadOnlyCollection<Key>, IReadOnlyCollection<Key>, ValueTask> load, DateTimeOffset now)
{
    private readonly Dictionary<string, RegisterId> _registers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RepositoryLines> _repositories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (CumulativeJudge Cumulative, LevelJudge Level, HealthJudge Health)> _judges = new(StringComparer.Ordinal);

    public async ValueTask<Dictionary<(Key Item, Key Change), ChangeCoverage>> ReadAsync(IReadOnlyList<(Key Item, PipelineDefinition Pipeline, ChangeScope Change)> wanted)
    {
        var coverage = new Dictionary<(Key Item, Key Change), ChangeCoverage>();
        var effects = await EffectsAsync([.. wanted.Select(static w => w.Change.View.Change).Distinct()]).ConfigureAwait(false);
        var drafts = new List<(Key Item, ChangeScope Change, List<Draft> Landings)>();
        foreach (var (item, pipeline, change) in wanted)
        {
            if (!effects.TryGetValue(change.View.Change, out var own)) continue;
            var landings = new List<Draft>();
            foreach (var draft in await LandingsAsync(own).ConfigureAwait(false))
            {
                await JudgeAsync(change.View.Change, pipeline, draft).ConfigureAwait(false);
                landings.Add(draft);
            }
            if (landings.Count > 0) drafts.Add((item, change, landings));
        }
        var picks = drafts.SelectMany(static d => d.Landings).SelectMany(static l => l.Picks).SelectMany(static g => g.Value).ToList();
        await LoadSpeakersAsync(picks).ConfigureAwait(false);
        foreach (var (item, change, landings) in drafts)
            coverage[(item, change.View.Change)] = new ChangeCoverage
            {
                Landings = [.. landings.OrderBy(static l => l.Repository, StringComparer.Ordinal).ThenBy(static l => l.Branch, StringComparer.Ordinal).Select(Finish)],
                Indexed = await IndexedAsync(change, landings).ConfigureAwait(false),
            };
        return coverage;
    }

    private LandingCoverage Finish(Draft draft) => new()
    {
        Repository = draft.Repository,
        Branch = draft.Branch,
        IsLocated = draft.Epochs.Count > 0,
        IsPending = draft.Epochs.Count == 0 && _repositories[draft.Repository].Graph.Chains.Count > 0,
        Gone = draft.Gone,
        Lines = draft.Lines,
        Baselined = draft.Baselined,
        Gates = draft.Picks.ToDictionary(
            static g => g.Key,
            g => (IReadOnlyList<CoveredFact>)[.. g.Value.Select(p => graph.Find(RegisterOf(p.Register)) is { } fact ? p.Apply(OrderOf(p, draft.Epochs.Count > 0, fact)) : null).OfType<CoveredFact>()],
            StringComparer.Ordinal),
    };

    // That a target runs something else is newer than what was said of a landing before. While its place is not known that cannot be told, whatever runs there by now.
    private static Fact OrderOf(Pick pick, bool isPlaced, Fact fact) => pick.IsAbsence && !isPlaced ? fact with { Ordinal = default } : fact;

    private async ValueTask<Dictionary<Key, List<(CommitId Commit, Effect Effect)>>> EffectsAsync(List<Key> changes)
    {
        var effects = new Dictionary<Key, List<(CommitId Commit, Effect Effect)>>();
        var rows = await index.ScanAsync([.. changes.Select(static c => LineKeys.Under(LineKeys.Effects(c)))]).ConfigureAwait(false);
        for (int i = 0; i < rows.Count; i++)
            if (rows[i].Count > 0)
                effects[changes[i]] = [.. rows[i].Select(static r => (ReadCommit(r.Key), Effect.Read(r.Value)))];
        foreach (var repository in effects.Values.SelectMany(static e => e).GroupBy(static e => e.Commit.Repository, StringComparer.Ordinal))
        {
            await map.LoadAsync(repository.Key, repository.Select(static e => e.Commit.Sha)).ConfigureAwait(false);
            await LinesAsync(repository.Key).ConfigureAwait(false);
        }
        return effects;

        static CommitId ReadCommit(string key)
        {
            string[] parts = key.Split('\t');
            return new CommitId(parts[2], parts[3]);
        }
    }

    private async ValueTask<RepositoryLines> LinesAsync(string repository)
    {
        if (_repositories.TryGetValue(repository, out var known)) return known;
        var lines = await RepositoryLines.ReadAsync(repository, index, map).ConfigureAwait(false);
        var levels = new LevelJudge(index, map, lines);
        _judges[repository] = (new CumulativeJudge(index, lines), levels, new HealthJudge(levels, lines, now));
        return _repositories[repository] = lines;
    }

    // The effects come in key order, so those of a repository stand together.
    private async ValueTask<List<Draft>> LandingsAsync(List<(CommitId Commit, Effect Effect)> effects)
    {
        var landings = new List<Draft>();
        for (int start = 0, end; start < effects.Count; start = end)
        {
            var lines = await LinesAsync(effects[start].Commit.Repository).ConfigureAwait(false);
            var points = new List<EffectPoint>();
            List<(CommitId Commit, Effect Effect)>? unplaced = null;
            for (end = start; end < effects.Count && effects[end].Commit.Repository == lines.Repository; end++)
            {
                var (commit, effect) = effects[end];
                if (map.Find(commit.Repository, commit.Sha) is { } point) points.Add(new EffectPoint(commit.Sha, point, effect));
                else if (effect.Adds) (unplaced ??= []).Add(effects[end]);
            }
            var removals = points.FindAll(static p => !p.Effect.Adds);
            int first = landings.Count;
            foreach (var (branch, epochs) in ByBranch(Epoch.Of(lines.Graph, points), static e => e.Landing.Effect.Branch))
            {
                var landing = LandingJudge.Judge(lines, branch, epochs, removals);
                landing.Removals = removals;
                landings.Add(landing);
            }
            IReadOnlyList<Epoch> live = landings.Count == first + 1 && landings[first].Epochs.Count == 1 ? landings[first].Epochs
                : [.. landings.Skip(first).SelectMany(static l => l.Epochs).OrderBy(static e => e.Landing.Sha, StringComparer.Ordinal)];
            // Landings whose history is not known yet: only what is linked to the change speaks for them.
            foreach (var (branch, landed) in ByBranch(unplaced ?? [], static e => e.Effect.Branch))
                if (!points.Exists(p => p.Effect.Branch == branch))
                    landings.Add(new Draft(lines.Repository, branch, [], null) { Unplaced = [.. landed.Select(static e => Epoch.Unplaced(e.Commit.Sha, e.Effect))] });
            for (int i = first; i < landings.Count; i++) landings[i].AllEpochs = live;
        }
        return landings;
    }

    // Nearly always one.
    private static List<(string? Branch, List<T> Those)> ByBranch<T>(List<T> all, Func<T, string?> branchOf)
    {
        var branches = new List<(string? Branch, List<T> Those)>();
        foreach (var one in all)
        {
            string? branch = branchOf(one);
            int known = branches.FindIndex(b => b.Branch == branch);
            if (known < 0) branches.Add((branch, [one]));
            else branches[known].Those.Add(one);
        }
        return branches;
    }

    private async ValueTask JudgeAsync(Key change, PipelineDefinition pipeline, Draft landing)
    {
        var lines = await LinesAsync(landing.Repository).ConfigureAwait(false);
        var (cumulative, level, health) = _judges[landing.Repository];
        if (landing.Epochs.Count == 0 && lines.Graph.Chains.Count == 0) return;
        bool placed = landing.Epochs.Count > 0;
        var live = placed ? landing.AllEpochs : landing.Unplaced;
        GateDefinition? rollout = null;
        foreach (var gate in pipeline.Gates)
        {
            if (placed && !gate.Lines.IsDefaultOrEmpty) landing.Lines[gate.Name] = LandingJudge.OnLines(lines, gate, landing.AllEpochs, landing.Removals);
            if (gate.Coverage == GateCoverage.Exact || (!placed && gate.Coverage != GateCoverage.Level)) continue;
            bool isHealth = gate.Coverage == GateCoverage.Level && gate.AfterPrevious;
            var picks = new List<Pick>();
            foreach (var series in lines.Series)
            {
                if (!series.CountsFor(gate)) continue;
                var pick = gate.Coverage == GateCoverage.Cumulative ? await cumulative.JudgeAsync(change, series, gate, gate.Lines.IsDefaultOrEmpty ? landing.Epochs : landing.AllEpochs).ConfigureAwait(false)
                    : isHealth ? await health.JudgeAsync(series, gate, rollout, live).ConfigureAwait(false)
                    : await level.JudgeAsync(series, live).ConfigureAwait(false);
                if (pick is not null) picks.Add(pick);
            }
            landing.Picks[gate.Name] = picks;
            if (gate.Coverage == GateCoverage.Level && !isHealth) rollout = gate;
            if (placed && LandingJudge.IsBaselined(lines, gate, landing.Epochs)) landing.Baselined.Add(gate.Name);
        }
    }

    // One build speaks for hundreds.
    private RegisterId RegisterOf(string text) => _registers.TryGetValue(text, out var known) ? known : _registers[text] = LineKeys.ReadRegister(text);

    private async ValueTask LoadSpeakersAsync(List<Pick> picks)
    {
        var missing = picks.Select(p => RegisterOf(p.Register)).Distinct().Where(r => graph.Find(r) is null).Select(static r => r.Subject).Distinct().ToList();
        if (missing.Count > 0) await load([], missing).ConfigureAwait(false);
    }

    private async ValueTask<HashSet<RegisterId>> IndexedAsync(ChangeScope change, List<Draft> landings)
    {
        var indexed = new HashSet<RegisterId>();
        var repositories = landings.Where(static l => l.Epochs.Count > 0).Select(static l => l.Repository).ToHashSet(StringComparer.Ordinal);
        foreach (var fact in change.Facts.Concat(change.SharedFacts))
        {
            if (!kinds.IsEvidence(fact.Kind)) continue;
            // A target runs one thing after the other: what links to it by what ran before says nothing of what runs now.
            bool level = kinds.IsLevel(fact.Kind);
            foreach (var commit in EvidenceFold.CommitsOf(fact, graph))
                if (repositories.Contains(commit.Repository) && (level || await map.LocateAsync(commit.Repository, commit.Sha).ConfigureAwait(false) is not null))
                    indexed.Add(fact.Register);
        }
        return indexed;
    }

    /// <summary>A landing while it is judged.</summary>
    internal sealed class Draft(string repository, string? branch, IReadOnlyList<Epoch> epochs, LandingVerdict? gone)
    {
        public string Repository => repository;

        public string? Branch => branch;

        public IReadOnlyList<Epoch> Epochs => epochs;

        /// <summary>Those of all landings of the change in this repository: what runs may have it by any of them.</summary>
        public IReadOnlyList<Epoch> AllEpochs { get; set; } = [];

        /// <summary>Its landings whose place is not known yet.</summary>
        public IReadOnlyList<Epoch> Unplaced { get; init; } = [];

        public LandingVerdict? Gone => gone;

        public IReadOnlyList<EffectPoint> Removals { get; set; } = [];

        public Dictionary<string, List<Pick>> Picks { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, (DateTimeOffset? Since, LandingVerdict? Gone)> Lines { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Baselined { get; } = new(StringComparer.Ordinal);
    }
}
