using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>
/// Folds an item's facts through its pipeline into its state: a pure function, without I/O, clock or log (design invariant 2).
/// </summary>
public static class ItemFold
{
    /// <summary>Folds one item.</summary>
    /// <param name="pipeline">The item's pipeline.</param>
    /// <param name="item">The item's key.</param>
    /// <param name="graph">A working set that holds at least everything linked to the item.</param>
    /// <returns>The state, or null when no such item exists in the working set.</returns>
    /// <remarks>Without what the lines know: only evidence that is linked to a change counts.</remarks>
    public static ItemState? Fold(PipelineDefinition pipeline, Key item, FactGraph graph)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Exists(item) ? Fold(pipeline, item, ItemScope.Collect(item, graph)) : null;
    }

    internal static ItemState Fold(PipelineDefinition pipeline, Key item, ItemScope scope)
    {
        var declared = scope.Own.Where(static f => f.Kind == FactKinds.Item).MaxBy(static f => (f.Ordinal, f.Writer), OpenOrder);
        string? migration = declared?.Attribute(FactAttributes.Migration);
        var opened = declared?.OccurredAt ?? scope.FirstSeen;
        var gates = FoldGates(pipeline, scope);
        bool abandoned = scope.Changes.Count > 0 && scope.Changes.All(static c => c.View.Abandoned) && !DoneHolds(pipeline, gates);
        string? repository = scope.Attribute(FactAttributes.Repository) ?? declared?.Attribute(FactAttributes.Repository);
        string? priority = declared?.Attribute(FactAttributes.Priority);
        bool clocks = !abandoned && migration is null;
        Eligibility.Apply(pipeline, gates, opened, clocks, repository, priority);
        string? current = gates.TakeWhile(static g => g.Holds).LastOrDefault()?.Gate;
        bool done = DoneHolds(pipeline, gates);
        return new ItemState
        {
            Id = item.Value,
            Pipeline = pipeline.Name,
            Title = declared?.Attribute(FactAttributes.Title) ?? scope.Attribute(FactAttributes.Title),
            Repository = repository,
            Priority = priority,
            Provenance = ReadProvenance(declared),
            OpenedAt = opened,
            Migration = migration,
            Declared = declared is not null,
            Gates = gates,
            Changes = [.. scope.Changes.Select(static c => c.View with { Lines = LinesOf(c.Coverage) })],
            CurrentGate = current,
            FurthestGate = gates.LastOrDefault(static g => g.Status == GateStatus.Passed)?.Gate,
            IsDone = done,
            DoneAt = done ? DoneSince(pipeline, gates) : null,
            DoneBy = clocks && !done ? MergedAt(gates) + pipeline.DoneWithin : null,
            DoneDefinition = pipeline.Done.Name,
            Abandoned = abandoned,
            WaitingOn = done || abandoned ? null : gates.FirstOrDefault(g => !g.Holds && pipeline.Done.Gates.Contains(g.Gate))?.Gate,
        };
    }

    private static Key[] LinesOf(ChangeCoverage coverage) =>
        [.. coverage.Landings.Where(static l => l.Branch is not null).Select(static l => Key.Branch(l.Repository, l.Branch!)).Distinct().Order()];

    private static readonly Comparer<(Ordinal Ordinal, Writer Writer)> OpenOrder = Comparer<(Ordinal Ordinal, Writer Writer)>.Create(static (a, b) =>
    {
        int order = a.Ordinal.CompareTo(b.Ordinal);
        return order != 0 ? order : a.Writer.CompareTo(b.Writer);
    });

    private static bool DoneHolds(PipelineDefinition pipeline, GateView[] gates)
    {
        foreach (string name in pipeline.Done.Gates)
            if (Array.Find(gates, g => g.Gate == name) is not { Holds: true }) return false;
        return true;
    }

    private static DateTimeOffset? DoneSince(PipelineDefinition pipeline, GateView[] gates)
    {
        DateTimeOffset? last = null, lastOfAll = null;
        foreach (var gate in gates)
        {
            if (gate.Since is not { } since || !pipeline.Done.Gates.Contains(gate.Gate)) continue;
            if (!(since <= lastOfAll)) lastOfAll = since;
            // A gate that joined later does not move a completion that was before it.
            if (gate.Reason != Reason.AddedLater && !(since <= last)) last = since;
        }
        return last ?? lastOfAll;
    }

    private static DateTimeOffset? MergedAt(GateView[] gates) =>
        Array.Find(gates, static g => g is { Gate: Gates.Merged, Status: GateStatus.Passed })?.Since;

    private static GateView[] FoldGates(PipelineDefinition pipeline, ItemScope scope)
    {
        var live = scope.Changes.Where(static c => !c.View.Abandoned).ToList();
        if (live.Count == 0) live = [.. scope.Changes];
        // A change that landed on several lines goes through the gates once for each.
        var landings = new List<(ChangeScope? Change, LandingCoverage? Landing)>();
        foreach (var change in live)
        {
            if (change.Coverage.Landings.Count == 0) landings.Add((change, null));
            foreach (var landing in change.Coverage.Landings) landings.Add((change, landing));
        }
        if (landings.Count == 0) landings.Add((null, null));
        var rows = landings.ConvertAll(row => FoldRow(pipeline, scope.Shared, row.Change, row.Landing));
        var gates = new GateView[pipeline.Gates.Length];
        for (int g = 0; g < gates.Length; g++)
            gates[g] = rows.Count == 1 ? rows[0][g] : GateFold.CombineChanges([.. rows.Select(r => r[g])], live.Count < rows.Count ? "landings" : "changes");
        return gates;
    }

    private static GateView[] FoldRow(PipelineDefinition pipeline, IReadOnlyList<Fact> shared, ChangeScope? change, LandingCoverage? landing)
    {
        var row = new GateView[pipeline.Gates.Length];
        for (int g = 0; g < row.Length; g++)
        {
            var gate = pipeline.Gates[g];
            row[g] = CoverageFold.Apply(gate, GateFold.Fold(gate, shared, change, landing, g == 0 ? null : row[g - 1]), change, landing);
        }
        MarkSkipped(row);
        return row;
    }

    // A review that was asked for and never given is not a pass and can no longer come before the merge: neither waits any longer.
    private static void MarkSkipped(GateView[] gates)
    {
        int merged = Array.FindIndex(gates, static g => g.Gate == Gates.Merged && g.Status == GateStatus.Passed);
        for (int i = 0; i < merged; i++)
            if (gates[i].Status is GateStatus.Waiting or GateStatus.Running)
                gates[i] = gates[i] with { Status = GateStatus.Waiting, Reason = Reason.Skipped, Detail = "merged without it" };
    }

    private static Provenance? ReadProvenance(Fact? declared)
    {
        if (declared is null) return null;
        var provenance = new Provenance
        {
            Agent = declared.Attribute(FactAttributes.Agent),
            Model = declared.Attribute(FactAttributes.Model),
            Session = declared.Attribute(FactAttributes.Session),
            Iteration = int.TryParse(declared.Attribute(FactAttributes.Iteration), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null,
            PromptDigest = declared.Attribute(FactAttributes.PromptDigest),
        };
        return provenance == new Provenance() ? null : provenance;
    }
}
