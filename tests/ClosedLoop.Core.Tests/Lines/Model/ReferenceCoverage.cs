using ClosedLoop.Facts;
using ClosedLoop.Pipelines;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>
/// What the record has to say of each item, from the whole commit graph and everything that happened: plain sets and full walks, nothing
/// stored, nothing shared with the engine. <see cref="ReferenceRules"/> has the rules that are not about commits.
/// </summary>
internal sealed class ReferenceCoverage(PipelineDefinition pipeline, IReadOnlyList<Happening> all)
{
    private readonly Dictionary<Key, Key[]> _parents = all.OfType<Committed>().DistinctBy(static c => c.Commit).ToDictionary(static c => c.Commit, static c => c.Parents);
    private readonly List<Landed> _landed = [.. all.OfType<Landed>()];
    private readonly List<Reverted> _reverted = [.. all.OfType<Reverted>()];
    private readonly List<Repeated> _repeated = [.. all.OfType<Repeated>()];
    private readonly List<Pushed> _pushed = [.. all.OfType<Pushed>()];
    private readonly List<Merged> _merged = [.. all.OfType<Merged>()];
    private readonly List<Ran> _ran = [.. all.OfType<Ran>()];
    private readonly List<Deployed> _deployed = [.. all.OfType<Deployed>()];
    private readonly List<Checked> _checked = [.. all.OfType<Checked>()];
    private readonly List<Judged> _judged = [.. all.OfType<Judged>()];
    private readonly Dictionary<Key, HashSet<Key>> _reach = [];
    private readonly Dictionary<(Key Change, Key Commit), bool> _covers = [];
    private readonly Dictionary<Key, string> _repositories = [];
    private readonly Dictionary<Key, List<Effect>> _effects = [];
    private readonly Dictionary<(Key Change, bool Adds), List<Key>> _nodes = [];
    private readonly Dictionary<Key, Dictionary<(string Repository, string? Branch), List<Key>>> _landings = [];

    /// <summary>One verdict per gate of the pipeline, for each item.</summary>
    public Dictionary<Key, Verdict[]> Items() =>
        all.OfType<Opened>().Select(static o => (o.Item, Change: (Key?)null))
            .Concat(all.OfType<Proposed>().Select(static p => (p.Item ?? Key.Item(p.Pr.ToString()), (Key?)p.Pr)))
            .Concat(_landed.Where(static l => l.Pr is null && l.Item is not null).Select(static l => (l.Item!.Value, (Key?)l.Commit)))
            .GroupBy(static c => c.Item1, static c => c.Item2)
            .ToDictionary(static i => i.Key, i => Item([.. i.OfType<Key>().Distinct().Order()]));

    // An item is through a gate when each landing of each of its changes is.
    private Verdict[] Item(List<Key> changes)
    {
        var rows = changes.SelectMany(c => Landings(c) is { Count: > 0 } landings ? landings.OrderBy(static l => l.Key.Branch, StringComparer.Ordinal).Select(l => (Change: c, l.Key.Branch, Epochs: l.Value)) : [(c, null, [])]).ToList();
        return [.. pipeline.Gates.Select(g => ReferenceRules.Together(rows.ConvertAll(r => Gate(g, r.Change, r.Branch, r.Epochs))))];
    }

    private Verdict Gate(GateDefinition gate, Key change, string? branch, List<Key> epochs)
    {
        var verdict = gate.Coverage switch
        {
            GateCoverage.Cumulative => Cumulative(gate, change, epochs),
            GateCoverage.Level => ReferenceRules.Combine(gate, [.. Targets(gate, change).Select(t => gate.AfterPrevious ? Health(change, t) : Rollout(change, t)).OfType<(string, Verdict)>()]),
            _ => Merged(gate, change, branch, epochs),
        };
        if (gate.Coverage != GateCoverage.Exact && verdict.Reason != Reason.Exact && IsBaselined(gate, epochs)) return new Verdict(GateStatus.NotApplicable, Reason.Baseline);
        var landed = _landed.FindAll(l => Change(l) == change);
        bool isExempt = gate.ExemptPaths.Length > 0 && landed.Count > 0 && landed.TrueForAll(l => l.Paths is not null && l.Paths.All(path => ReferenceRules.Matches(gate.ExemptPaths, path)));
        return isExempt && !verdict.Holds && verdict.Status != GateStatus.Failed ? new Verdict(GateStatus.NotApplicable) : verdict;
    }

    // ---- Who contains whom.

    private HashSet<Key> Reach(Key commit) => Once(_reach, commit, () =>
    {
        var seen = new HashSet<Key>();
        var open = new Stack<Key>([commit]);
        while (open.TryPop(out var next))
            if (_parents.TryGetValue(next, out var parents) && seen.Add(next))
                foreach (var parent in parents) open.Push(parent);
        return seen;
    });

    private bool Contains(Key commit, Key ancestor) => Reach(commit).Contains(ancestor);

    private IEnumerable<Key> FirstParents(Key commit)
    {
        for (var next = (Key?)commit; next is { } c && _parents.TryGetValue(c, out var parents); next = parents.Length > 0 ? parents[0] : null) yield return c;
    }

    // ---- What a commit brings and takes away.

    private sealed record Effect(Key Change, bool Adds, bool Lost);

    private List<Effect> Effects(Key of) => Once(_effects, of, () => Effects(of, null, []));

    // Of a commit or a pull request, which also does what is said of its landings; what one landing lost, the others have not. Where one
    // thing is both added and taken away, it is gone.
    private List<Effect> Effects(Key of, Key? landsAt, HashSet<Key> path)
    {
        if (!path.Add(of)) return [];
        bool isPr = of.Is(KeySchemes.PullRequest);
        bool Speaks(Key by) => by == of || (isPr && _landed.Exists(l => l.Pr == of && l.Commit == by));
        var said = _reverted.Where(r => Speaks(r.By) && (!r.Lost || landsAt is null || r.By == landsAt)).SelectMany(r => r.Targets.SelectMany(t => Effects(t, null, path)).Select(e => new Effect(e.Change, !e.Adds, r.Lost)))
            .Concat(_repeated.Where(r => Speaks(r.Commit)).SelectMany(r => r.Targets).SelectMany(t => Effects(t, null, path)).Select(static e => e with { Lost = false }))
            .Concat(_landed.Where(l => l.Commit == of).SelectMany(l => l.Pr is { } pr ? Effects(pr, of, path) : [new Effect(of, true, false)]));
        if (isPr) said = said.Append(new Effect(of, true, false));
        List<Effect> effects = [.. said.GroupBy(static e => e.Change).Select(static e => e.FirstOrDefault(static s => !s.Adds) ?? e.First())];
        path.Remove(of);
        return effects;
    }

    private List<Key> Nodes(Key change, bool adds) =>
        Once(_nodes, (change, adds), () => [.. _parents.Keys.Where(c => Effects(c).Exists(e => e.Change == change && e.Adds == adds))]);

    // Whether it was taken away on the way from one commit to another.
    private bool Undone(Key change, Key from, Key to) => Nodes(change, adds: false).Exists(r => Contains(r, from) && Contains(to, r));

    private bool Has(Key change, Key epoch, Key commit) => Contains(commit, epoch) && !Undone(change, epoch, commit);

    // ---- Where a change landed.

    private Dictionary<(string Repository, string? Branch), List<Key>> Landings(Key change) => Once(_landings, change, () =>
    {
        var adds = Nodes(change, adds: true);
        var epochs = adds.Where(p => !adds.Exists(q => q != p && ((Contains(p, q) && !Undone(change, q, p)) || (BranchOf(q) == BranchOf(p) && Contains(q, p) && Undone(change, p, q)))));
        var landings = epochs.Order().GroupBy(p => (Repository(p), BranchOf(p))).ToDictionary(static l => l.Key, static l => l.ToList());
        foreach (var landing in landings.Values)
            if (landing.Exists(p => !IsDetached(p))) landing.RemoveAll(IsDetached);
        return landings;
    });

    private bool IsDetached(Key epoch) => Head(Repository(epoch), BranchOf(epoch)) is { } head && !Contains(head.Head, epoch) && !Contains(epoch, head.Head);

    private List<Key> All(Key change) => [.. Landings(change).Values.SelectMany(static l => l).Order()];

    private bool Covers(Key change, Key commit) => Once(_covers, (change, commit), () => All(change).Exists(p => Has(change, p, commit)));

    private Pushed? Head(string repository, string? branch) => _pushed.Where(p => p.Repository == repository && p.Branch == branch).MaxBy(static p => p.At);

    private Happening? LandingAt(Key commit) => (Happening?)_landed.Find(l => l.Commit == commit) ?? _repeated.Find(r => r.Commit == commit);

    private DateTimeOffset LandedAt(Key epoch) => (LandingAt(epoch) ?? _reverted.Find(r => r.By == epoch)!).At;

    private DateTimeOffset UndoneAt(Key commit) => (_reverted.Find(r => r.By == commit) ?? LandingAt(commit)!).At;

    private string? BranchOf(Key epoch) => LandingAt(epoch) switch { Landed l => l.Branch, Repeated r => r.Branch, _ => null };

    private static Key Change(Landed landed) => landed.Pr ?? landed.Commit;

    private string Repository(Key key) => Once(_repositories, key, () => key.Value.Split('@', '#')[0]);

    // The world does not change while it is looked at.
    private static T Once<TKey, T>(Dictionary<TKey, T> known, TKey key, Func<T> compute)
        where TKey : notnull => known.TryGetValue(key, out var value) ? value : known[key] = compute();

    // ---- The gates.

    private Verdict Merged(GateDefinition gate, Key change, string? branch, List<Key> epochs)
    {
        if (_merged.Where(m => m.Change == change).MaxBy(static m => m.At) is not { } own) return Verdict.Nothing;
        var merged = new Verdict(GateStatus.Passed, Reason.Exact, own.At);
        if (epochs.Count == 0) return merged;
        if (gate.Lines.Length == 0) return Head(Repository(change), branch) is { } head ? Gone(change, epochs, head) ?? merged : merged;
        var lines = Lines(gate, change).ToList();
        var there = lines.SelectMany(line => All(change).Where(p => Has(change, p, line.Head))).Select(p => (DateTimeOffset?)LandedAt(p)).Min();
        if (there is not null) return merged with { Since = there > own.At ? there : own.At };
        return lines.Select(line => All(change).FindAll(p => Contains(line.Head, p)) is { Count: > 0 } removed ? Gone(change, removed, line) : null).FirstOrDefault(static g => g is not null) ?? Verdict.Nothing;
    }

    // Gone is a change when the last of its epochs is. Of a head that left it out nobody knows since when.
    private Verdict? Gone(Key change, List<Key> epochs, Pushed line)
    {
        if (epochs.Exists(p => Has(change, p, line.Head) || Contains(p, line.Head))) return null;
        var undone = epochs.ConvertAll(p => Nodes(change, adds: false).Where(r => Contains(r, p) && Contains(line.Head, r)).OrderBy(UndoneAt).ThenBy(static r => r).Cast<Key?>().FirstOrDefault())
            .OfType<Key>().OrderBy(UndoneAt).ThenBy(static r => r).Cast<Key?>().LastOrDefault();
        return undone is not { } by ? new Verdict(GateStatus.Failed, Reason.Regressed) : new Verdict(GateStatus.Failed, Effects(by).Find(e => e.Change == change)!.Lost ? Reason.Lost : Reason.Regressed, UndoneAt(by));
    }

    private IEnumerable<Pushed> Lines(GateDefinition gate, Key change) =>
        _pushed.Where(p => p.Repository == Repository(change) && ReferenceRules.Matches(gate.Lines, p.Branch)).GroupBy(static p => p.Branch).Select(static b => b.MaxBy(static p => p.At)!);

    private Verdict Cumulative(GateDefinition gate, Key change, List<Key> epochs)
    {
        var runs = _ran.Where(r => r.Gate == gate.Name).GroupBy(static r => (r.Run, r.Writer)).Select(static r => r.MaxBy(static f => f.Ordinal)!)
            .Where(r => r.Commit is { } c && Repository(c) == Repository(change)).ToList();
        // A gate that asks for lines takes evidence at commits of their own history, for a change however it got there.
        var onLine = gate.Lines.Length == 0 ? null : Lines(gate, change).SelectMany(l => FirstParents(l.Head)).ToHashSet();
        if (onLine is not null && epochs.Count > 0) epochs = All(change);
        return ReferenceRules.Combine(gate, [.. runs.GroupBy(static r => (r.Writer, r.Name)).Select(s => Series(change, epochs, [.. s], onLine)).OfType<(string, Verdict)>()]);
    }

    private (string, Verdict)? Series(Key change, List<Key> epochs, List<Ran> runs, HashSet<Key>? onLine)
    {
        var spoken = runs.Where(r => onLine?.Contains(r.Commit!.Value) != false && epochs.Exists(p => Has(change, p, r.Commit!.Value))).GroupBy(static r => r.Commit).Select(static c => ReferenceRules.Speaks(c)!).ToList();
        if (spoken.Count == 0) return null;
        string name = runs[0].Name ?? "";
        if (spoken.Where(static r => r.Status == GateStatus.Passed).MinBy(static r => r.At) is { } pass)
        {
            var commit = pass.Commit!.Value;
            var epoch = epochs.First(p => Has(change, p, commit));
            var landed = LandedAt(epoch);
            var last = FirstParents(epoch).Skip(1).Select(c => ReferenceRules.Speaks(runs.Where(r => r.Commit == c))).FirstOrDefault(r => r is { Status: GateStatus.Passed or GateStatus.Failed } && r.At <= landed);
            var releasedBy = commit != epoch && LandingAt(commit) is Landed ? Effects(commit).Where(e => e.Adds && e.Change != change).Select(static e => (Key?)e.Change).Min() : null;
            return (name, new Verdict(GateStatus.Passed, IsExact(commit, epoch) ? Reason.Exact : Reason.CoveredBy, pass.At, commit, releasedBy, last?.Status == GateStatus.Failed, pass.At - landed));
        }
        GateStatus[] order = [GateStatus.Failed, GateStatus.Running, GateStatus.NotApplicable, GateStatus.Waiting];
        var decides = Nearest(order.Select(status => spoken.FindAll(r => r.Status == status)).First(static r => r.Count > 0));
        return (name, new Verdict(decides.Status, decides.Reason, decides.At));
    }

    // Nearest to the landing is what contains none of the others.
    private Ran Nearest(List<Ran> runs) =>
        runs.Where(r => !runs.Exists(o => o != r && Contains(r.Commit!.Value, o.Commit!.Value))).OrderBy(static r => r.At).ThenBy(static r => r.Commit!.Value).First();

    // A commit that has the content of the landing is not the landing.
    private bool IsExact(Key commit, Key epoch) => commit == epoch && LandingAt(epoch) is Landed;

    private IEnumerable<(string Environment, string Target)> Targets(GateDefinition gate, Key change) =>
        (gate.AfterPrevious ? _checked.Select(static c => (c.Environment, c.Target, c.Commit)) : _deployed.Where(static d => d.Commits.Length > 0).Select(static d => (d.Environment, d.Target, Commit: d.Commits[0])))
            .Where(t => Repository(t.Commit) == Repository(change)).Select(static t => (t.Environment, t.Target)).Distinct().Where(t => gate.Environments.Length == 0 || gate.Environments.Contains(t.Environment)).Order();

    // What runs a commit of which nobody told the history says nothing.
    private List<Deployed> Rollouts(Key change, (string Environment, string Target) target) =>
        [.. _deployed.Where(d => (d.Environment, d.Target) == target && d.Commits.Length > 0 && Repository(d.Commits[0]) == Repository(change) && d.Commits.All(_parents.ContainsKey))
            .GroupBy(static d => (d.Subject, d.Subject.Is(KeySchemes.Environment) ? d.Ordinal : default)).Select(static d => d.MaxBy(static f => f.Ordinal)!).OrderBy(static d => d.Ordinal)];

    private static bool SaysWhatRuns(Deployed entry) => entry.Status == GateStatus.Passed || (entry.Status == GateStatus.Running && entry.Commits.Length > 1);

    private bool IsBad(Deployed entry) => entry.Commits.Any(c => _judged.Where(j => j.Commit == c).MaxBy(static j => j.At) is { Bad: true });

    private Reason ExactIn(Key change, Key[] commits) => commits is [var only] && All(change).Exists(p => IsExact(only, p)) ? Reason.Exact : Reason.CoveredBy;

    private (string, Verdict)? Rollout(Key change, (string Environment, string Target) target)
    {
        var entries = Rollouts(change, target);
        int current = entries.FindLastIndex(static e => SaysWhatRuns(e) || e.Status == GateStatus.NotApplicable);
        if (current >= 0 && entries[current].Status == GateStatus.NotApplicable) return null;
        bool Brought(Deployed e) => SaysWhatRuns(e) && e.Commits.All(c => Covers(change, c));
        bool IsLive(int i) => Brought(entries[i]) && (!IsBad(entries[i]) || entries.Take(i).LastOrDefault(e => SaysWhatRuns(e) && !IsBad(e)) is { } good && Brought(good));
        Verdict verdict;
        if (current >= 0 && IsLive(current))
        {
            int first = current;
            for (int i = current - 1; i >= 0 && (IsLive(i) || !(SaysWhatRuns(entries[i]) || entries[i].Status == GateStatus.NotApplicable)); i--)
                if (IsLive(i)) first = i;
            verdict = new Verdict(GateStatus.Passed, ExactIn(change, entries[first].Commits), entries[first].At);
        }
        else if (current >= 0 && !Brought(entries[current]) && entries[current].Commits.Any(c => Covers(change, c))) verdict = new Verdict(GateStatus.Running, Reason.Partial, entries[current].At);
        else if (current >= 0 && Brought(entries[current])) verdict = new Verdict(GateStatus.Failed, Reason.Vetoed, entries[current].At);
        else if (entries.Take(current + 1).ToList().FindLastIndex(Brought) is var last and >= 0) verdict = new Verdict(GateStatus.Failed, Reason.Regressed, entries.Skip(last + 1).First(SaysWhatRuns).At);
        else if (entries.Skip(current + 1).LastOrDefault(e => e.Status is GateStatus.Running or GateStatus.Failed && e.Commits.All(c => Covers(change, c))) is { } coming) verdict = new Verdict(coming.Status, Reason.None, coming.At);
        else verdict = Verdict.Nothing;
        return (target.Target, verdict);
    }

    private (string, Verdict)? Health(Key change, (string Environment, string Target) target)
    {
        if (Rollout(change, target) is not var (_, live)) return null;
        var rollouts = Rollouts(change, target);
        var seen = _checked.Where(c => (c.Environment, c.Target) == target && Repository(c.Commit) == Repository(change))
            .GroupBy(static c => (c.Subject, c.Subject.Is(KeySchemes.Environment) ? c.Ordinal : default)).Select(static c => c.MaxBy(static f => f.Ordinal)!).OrderBy(static c => c.Ordinal).ToList();
        seen.RemoveAll(c => live.Status != GateStatus.Passed || !Covers(change, c.Commit) || c.At < live.Since || !rollouts.Exists(e => SaysWhatRuns(e) && e.Commits.Contains(c.Commit) && e.At <= c.At));
        // What the same version was later found to have broken was not verified by it.
        bool IsRevoked(Checked check) => seen.Exists(c => c is { Status: GateStatus.Failed, Reason: Reason.Regressed } && c.Commit == check.Commit && c.Ordinal > check.Ordinal);
        if (seen.Find(c => c.Status == GateStatus.Passed && !IsRevoked(c)) is { } verified) return (target.Target, new Verdict(GateStatus.Passed, ExactIn(change, [verified.Commit]), verified.At));
        return (target.Target, seen.Count == 0 ? Verdict.Nothing : new Verdict(seen[^1].Status, seen[^1].Reason, seen[^1].At));
    }

    private bool IsBaselined(GateDefinition gate, List<Key> epochs) =>
        all.OfType<Began>().Where(b => b.Environment is null || (gate.Coverage == GateCoverage.Level && (gate.Environments.Length == 0 || gate.Environments.Contains(b.Environment))))
            .GroupBy(b => (b.Branch, b.Environment, Repository(b.Commit))).Select(static b => b.MaxBy(static f => f.At)!)
            .Any(b => epochs.Count > 0 && epochs.TrueForAll(p => Contains(b.Commit, p)));
}
