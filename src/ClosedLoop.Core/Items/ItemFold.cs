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
        if (!graph.Exists(item)) return null;
        var scratch = new FoldScratch();
        return Fold(pipeline, item, ItemScope.Collect(item, graph, scratch), scratch);
    }

    /// <param name="pipeline">The item's pipeline.</param>
    /// <param name="item">The item's key.</param>
    /// <param name="scope">Its facts, with what the lines say.</param>
    /// <param name="scratch">Lists to work with.</param>
    /// <param name="before">The state that it had: what it says of a gate and still holds is not made again. Changes nothing of the result.</param>
    internal static ItemState Fold(PipelineDefinition pipeline, Key item, ItemScope scope, FoldScratch scratch, ItemState? before = null)
    {
        var declared = scope.Declared(item);
        string? migration = declared?.Attribute(FactAttributes.Migration);
        var opened = declared?.OccurredAt ?? scope.FirstSeen;
        var gates = scratch.Gates(pipeline.Gates.Length);
        FoldGates(pipeline, scope, gates, scratch);
        bool abandoned = scope.IsAbandoned && !DoneHolds(pipeline, gates);
        string? repository = scope.Attribute(FactAttributes.Repository) ?? declared?.Attribute(FactAttributes.Repository);
        string? priority = declared?.Attribute(FactAttributes.Priority);
        bool clocks = !abandoned && migration is null;
        Eligibility.Apply(pipeline, gates, opened, clocks, repository, priority);
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
            Gates = Views(gates, before?.Gates ?? []),
            Changes = Views(scope.Changes),
            CurrentGate = CurrentGate(gates),
            FurthestGate = FurthestGate(gates),
            IsDone = done,
            DoneAt = done ? DoneSince(pipeline, gates) : null,
            DoneBy = clocks && !done ? MergedAt(gates) + pipeline.DoneWithin : null,
            DoneDefinition = pipeline.Done.Name,
            Abandoned = abandoned,
            WaitingOn = done || abandoned ? null : WaitingOn(pipeline, gates),
        };
    }

    private static GateView[] Views(ReadOnlySpan<GateDraft> gates, IReadOnlyList<GateView> before)
    {
        var views = new GateView[gates.Length];
        for (int g = 0; g < views.Length; g++) views[g] = gates[g].ToView(g < before.Count ? before[g] : null);
        return views;
    }

    private static ChangeView[] Views(List<ChangeScope> changes)
    {
        if (changes.Count == 0) return [];
        var views = new ChangeView[changes.Count];
        for (int c = 0; c < views.Length; c++)
        {
            var (change, head, landings, abandoned) = changes[c].View;
            views[c] = new ChangeView { Change = change, Head = head, Landings = landings, Lines = LinesOf(changes[c].Coverage), Abandoned = abandoned };
        }
        return views;
    }

    private static Key[] LinesOf(ChangeCoverage coverage)
    {
        if (coverage.Landings.Count == 0) return [];
        var lines = new List<Key>(1);
        for (int i = 0; i < coverage.Landings.Count; i++)
        {
            var landing = coverage.Landings[i];
            if (landing.Branch is not null && Key.Branch(landing.Repository, landing.Branch) is var line && !lines.Contains(line)) lines.Add(line);
        }
        lines.Sort();
        return [.. lines];
    }

    private static string? CurrentGate(ReadOnlySpan<GateDraft> gates)
    {
        string? current = null;
        for (int g = 0; g < gates.Length && gates[g].Holds; g++) current = gates[g].Gate;
        return current;
    }

    private static string? FurthestGate(ReadOnlySpan<GateDraft> gates)
    {
        for (int g = gates.Length - 1; g >= 0; g--)
            if (gates[g].Status == GateStatus.Passed) return gates[g].Gate;
        return null;
    }

    private static string? WaitingOn(PipelineDefinition pipeline, ReadOnlySpan<GateDraft> gates)
    {
        for (int g = 0; g < gates.Length; g++)
            if (!gates[g].Holds && pipeline.Done.Gates.Contains(gates[g].Gate)) return gates[g].Gate;
        return null;
    }

    private static bool DoneHolds(PipelineDefinition pipeline, ReadOnlySpan<GateDraft> gates)
    {
        foreach (string name in pipeline.Done.Gates)
            if (!Holds(gates, name)) return false;
        return true;
    }

    private static bool Holds(ReadOnlySpan<GateDraft> gates, string name)
    {
        for (int g = 0; g < gates.Length; g++)
            if (gates[g].Gate == name) return gates[g].Holds;
        return false;
    }

    private static DateTimeOffset? DoneSince(PipelineDefinition pipeline, ReadOnlySpan<GateDraft> gates)
    {
        DateTimeOffset? last = null, lastOfAll = null;
        for (int g = 0; g < gates.Length; g++)
        {
            if (gates[g].Since is not { } since || !pipeline.Done.Gates.Contains(gates[g].Gate)) continue;
            if (!(since <= lastOfAll)) lastOfAll = since;
            // A gate that joined later does not move a completion that was before it.
            if (gates[g].Reason != Reason.AddedLater && !(since <= last)) last = since;
        }
        return last ?? lastOfAll;
    }

    private static DateTimeOffset? MergedAt(ReadOnlySpan<GateDraft> gates) => Eligibility.MergedPlace(gates) is >= 0 and var merged ? gates[merged].Since : null;

    private static void FoldGates(PipelineDefinition pipeline, ItemScope scope, Span<GateDraft> gates, FoldScratch scratch)
    {
        // Nearly always one change that landed once or not at all.
        if (scope.Changes.Count == 0)
        {
            FoldRow(pipeline, scope.Shared, null, null, gates, scratch);
            return;
        }
        if (scope.Changes is [{ Coverage.Landings.Count: < 2 } only])
        {
            FoldRow(pipeline, scope.Shared, only, only.Coverage.Landings.Count == 0 ? null : only.Coverage.Landings[0], gates, scratch);
            return;
        }
        int live = scope.LiveChanges;
        // A change that landed on several lines goes through the gates once for each.
        var rows = new List<GateDraft[]>();
        foreach (var change in scope.Changes)
        {
            if (change.View.Abandoned && live > 0) continue;
            if (change.Coverage.Landings.Count == 0) AddRow(change, null);
            foreach (var landing in change.Coverage.Landings) AddRow(change, landing);
        }
        for (int g = 0; g < gates.Length; g++)
            gates[g] = rows.Count == 1 ? rows[0][g] : GateFold.CombineChanges(rows, g, (live > 0 ? live : scope.Changes.Count) < rows.Count ? "landings" : "changes");

        void AddRow(ChangeScope change, LandingCoverage? landing)
        {
            var row = new GateDraft[pipeline.Gates.Length];
            FoldRow(pipeline, scope.Shared, change, landing, row, scratch);
            rows.Add(row);
        }
    }

    private static void FoldRow(PipelineDefinition pipeline, List<Fact> shared, ChangeScope? change, LandingCoverage? landing, Span<GateDraft> row, FoldScratch scratch)
    {
        for (int g = 0; g < row.Length; g++)
        {
            var gate = pipeline.Gates[g];
            row[g] = GateFold.Fold(gate, shared, change, landing, g == 0 ? default : row[g - 1], scratch);
            CoverageFold.Apply(gate, ref row[g], change, landing);
        }
        MarkSkipped(row);
    }

    // A review that was asked for and never given is not a pass and can no longer come before the merge: neither waits any longer.
    private static void MarkSkipped(Span<GateDraft> gates)
    {
        int merged = Eligibility.MergedPlace(gates);
        for (int i = 0; i < merged; i++)
            if (gates[i].Status is GateStatus.Waiting or GateStatus.Running)
                (gates[i].Status, gates[i].Reason, gates[i].Detail) = (GateStatus.Waiting, Reason.Skipped, "merged without it");
    }

    private static Provenance? ReadProvenance(Fact? declared)
    {
        if (declared is null) return null;
        string? agent = declared.Attribute(FactAttributes.Agent), model = declared.Attribute(FactAttributes.Model), session = declared.Attribute(FactAttributes.Session);
        string? digest = declared.Attribute(FactAttributes.PromptDigest);
        int? iteration = int.TryParse(declared.Attribute(FactAttributes.Iteration), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;
        if ((agent ?? model ?? session ?? digest) is null && iteration is null) return null;
        return new Provenance { Agent = agent, Model = model, Session = session, Iteration = iteration, PromptDigest = digest };
    }
}
