using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>Measures the honesty of a record against the truth: over-claim and staleness (design section 1). Pure; safe from any thread.</summary>
public static class TruthComparison
{
    /// <summary>The most differences that are put into words: 20.</summary>
    public const int MaxDifferences = 20;

    /// <summary>Compares a record with the truth.</summary>
    /// <param name="truth">How things really were.</param>
    /// <param name="transitions">The record's transition log, from its start: what it said, and when.</param>
    /// <param name="finalStates">What the record says now, of every item.</param>
    /// <param name="now">The instant of the comparison; what the record still says wrongly counts up to here.</param>
    /// <param name="done">When an item is really done; the default is <see cref="Done.MergedAndMainGreen"/>, as in the default pipeline.</param>
    public static TruthReport Compare(
        SandboxTruth truth, IEnumerable<Transition> transitions, IEnumerable<ItemState> finalStates, DateTimeOffset now, DoneDefinition? done = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(finalStates);
        var changes = truth.Changes;
        var gates = (done ?? Done.MergedAndMainGreen).Gates;
        var real = new Timelines();
        foreach (var change in changes)
            if (change.At <= now)
                real.Of(change.ItemId, change.Gate).Add(change.At, change.Status);
        var record = Read(transitions, now);

        double overclaim = 0;
        var overclaims = new List<string>();
        foreach (var (item, gate, claims) in record.All)
        {
            foreach (var (claim, ms) in Overclaims(real.Find(item, gate), claims, now))
            {
                overclaim += ms;
                if (overclaims.Count < MaxDifferences)
                    overclaims.Add(string.Create(CultureInfo.InvariantCulture, $"{item} {gate}: passed since {claim.EvidenceAt:HH:mm:ss.fff}, said at {claim.At:HH:mm:ss.fff}; it was not so, for {ms:0.#} ms"));
            }
        }
        var delays = new List<double>(changes.Count);
        int lost = 0;
        foreach (var (item, gate, history) in real.All)
        {
            var said = record.Find(item, gate);
            foreach (var point in history.Points)
            {
                var followed = FirstAgreement(point.At, history, said);
                if (followed is null) lost++;
                delays.Add(((followed ?? now) - point.At).TotalMilliseconds);
            }
        }
        delays.Sort();
        var items = truth.Items;
        var differences = Differences(items, truth, real, finalStates, gates);
        return new TruthReport
        {
            Items = items.Count,
            Done = items.Count(i => IsDone(i, real, gates)),
            OverclaimMs = overclaim,
            StalenessP50Ms = Percentile(delays, 0.50),
            StalenessP99Ms = Percentile(delays, 0.99),
            StalenessMaxMs = delays.Count == 0 ? 0 : delays[^1],
            Lost = lost,
            EqualToTruth = differences.Count == 0,
            Overclaims = overclaims,
            Differences = [.. differences.Take(MaxDifferences)],
        };
    }

    private static Timelines Read(IEnumerable<Transition> transitions, DateTimeOffset now)
    {
        var record = new Timelines();
        foreach (var transition in transitions.Where(t => t.RecordedAt <= now).OrderBy(static t => t.RecordedAt).ThenBy(static t => t.Sequence))
        {
            if (transition is { Kind: TransitionKind.Gate, Gate: { } gate })
                record.Of(transition.ItemId, gate).Add(transition.RecordedAt, transition.To, transition.OccurredAt);
            else if (transition.Kind == TransitionKind.Replaced)
                record.Withdraw(transition.ItemId, transition.RecordedAt, transition.OccurredAt);
        }
        return record;
    }

    // A claim is excused when the truth had passed at some instant since the evidence that the claim cites, and since the record itself
    // last said otherwise: then the truth has gone back meanwhile, and not having noticed is staleness.
    private static IEnumerable<(GateTimeline.Point Claim, double Milliseconds)> Overclaims(GateTimeline real, GateTimeline claims, DateTimeOffset now)
    {
        for (int i = 0; i < claims.Points.Count; i++)
        {
            var claim = claims.Points[i];
            if (claim.Status != GateStatus.Passed) continue;
            var end = i + 1 < claims.Points.Count ? claims.Points[i + 1].At : now;
            var since = claim.EvidenceAt is { } evidence && evidence < claim.At ? evidence : claim.At;
            if (i > 0 && claims.Points[i - 1].Status != GateStatus.Passed && claims.Points[i - 1].EvidenceAt is { } contrary && contrary > since) since = contrary < claim.At ? contrary : claim.At;
            if (real.WasPassedWithin(since, claim.At)) continue;
            var until = real.NextPassAfter(claim.At);
            double ms = ((until is null || until > end ? end : until.Value) - claim.At).TotalMilliseconds;
            if (ms > 0) yield return (claim, ms);
        }
    }

    private static DateTimeOffset? FirstAgreement(DateTimeOffset from, GateTimeline real, GateTimeline said)
    {
        if (real.At(from) == said.At(from)) return from;
        foreach (var instant in real.Points.Concat(said.Points).Select(static p => p.At).Where(at => at > from).Order())
            if (real.At(instant) == said.At(instant))
                return instant;
        return null;
    }

    private static List<string> Differences(IReadOnlyList<string> items, SandboxTruth truth, Timelines real, IEnumerable<ItemState> finalStates, ImmutableArray<string> doneGates)
    {
        var states = new Dictionary<string, ItemState>(StringComparer.Ordinal);
        foreach (var state in finalStates) states[state.Id] = state;
        var differences = new List<string>();
        foreach (string item in items.Order(StringComparer.Ordinal))
        {
            if (!states.Remove(item, out var state))
            {
                differences.Add($"{item}: exists, but is not in the record");
                continue;
            }
            foreach (var gate in state.Gates)
            {
                if (!Gates.Default.Contains(gate.Gate)) continue;
                var status = real.Find(item, gate.Gate).Final;
                if (gate.Status != status)
                    differences.Add($"{item} {gate.Gate}: the record says {gate.Status} ({gate.Reason}{(gate.Detail is null ? "" : ", " + gate.Detail)}), the truth is {status}");
            }
            if (truth.LandingOf(item) is { } landing && state.Gate(Gates.MainCi) is { Status: GateStatus.Passed } ci)
            {
                if (landing.ReleasedBy != ci.Coverage?.ReleasedBy) differences.Add($"{item}: the record says released by {ci.Coverage?.ReleasedBy?.ToString() ?? "itself"}, the truth is {landing.ReleasedBy?.ToString() ?? "itself"}");
                if (landing.OnRed is { } red && red != (ci.Coverage?.LandedOnRed ?? false)) differences.Add($"{item}: the record says landed on {(red ? "green" : "red")}, the truth is {(red ? "red" : "green")}");
            }
            bool done = IsDone(item, real, doneGates);
            if (state.IsDone != done) differences.Add($"{item}: the record says {(state.IsDone ? "done" : "not done")}, the truth is {(done ? "done" : "not done")}");
        }
        foreach (string item in states.Keys.Order(StringComparer.Ordinal)) differences.Add($"{item}: is in the record, but does not exist");
        return differences;
    }

    private static bool IsDone(string item, Timelines real, ImmutableArray<string> gates) => gates.All(g => real.Find(item, g).Final == GateStatus.Passed);

    private static double Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private sealed class Timelines
    {
        private static readonly GateTimeline Nothing = new();
        private readonly Dictionary<string, Dictionary<string, GateTimeline>> _items = new(StringComparer.Ordinal);

        public IEnumerable<(string Item, string Gate, GateTimeline Timeline)> All =>
            _items.SelectMany(static i => i.Value.Select(g => (i.Key, g.Key, g.Value)));

        public GateTimeline Of(string item, string gate)
        {
            if (!_items.TryGetValue(item, out var gates)) _items[item] = gates = new(StringComparer.Ordinal);
            if (!gates.TryGetValue(gate, out var timeline)) gates[gate] = timeline = new GateTimeline();
            return timeline;
        }

        public GateTimeline Find(string item, string gate) => _items.TryGetValue(item, out var gates) ? gates.GetValueOrDefault(gate) ?? Nothing : Nothing;

        public void Withdraw(string item, DateTimeOffset at, DateTimeOffset? evidenceAt)
        {
            if (!_items.TryGetValue(item, out var gates)) return;
            foreach (var claims in gates.Values) claims.Add(at, GateStatus.Waiting, evidenceAt);
        }
    }
}
