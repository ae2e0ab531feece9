using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Simulation.Tests.World;

namespace ClosedLoop.Simulation.Tests.Checks;

/// <summary>What the record has to say of an item in the end.</summary>
internal static class ExpectedItem
{
    /// <summary>Says how a record differs from the truth, or null.</summary>
    public static string? Differs(ItemState state, PipelineDefinition pipeline, IReadOnlyDictionary<string, DateTimeOffset> introduced, IReadOnlyCollection<Change> changes, DateTimeOffset now)
    {
        var gates = new GateTruth[pipeline.Gates.Length];
        for (int g = 0; g < gates.Length; g++) gates[g] = Truth.Of(changes, pipeline.Gates[g].Name, now);
        bool Done() => pipeline.Done.Gates.All(name => gates[pipeline.Gates.ToList().FindIndex(g => g.Name == name)].Holds);
        bool abandoned = changes.Count > 0 && changes.All(c => Truth.IsAbandoned(c, now)) && !Done();
        // A gate that was added later asks nothing of an item that had passed there before.
        for (int g = 0; g < gates.Length; g++)
        {
            if (gates[g].Status != GateStatus.Waiting || !introduced.TryGetValue(pipeline.Gates[g].Name, out var at)) continue;
            for (int other = Math.Max(0, g - 1); other < gates.Length; other++)
                if (other != g && gates[other].Status == GateStatus.Passed && gates[other].Since < at)
                    gates[g] = new GateTruth(GateStatus.NotApplicable);
        }
        if (!state.Changes.Select(static c => c.Change).Order().SequenceEqual(changes.Select(static c => c.Key).Order()))
            return $"its changes are {string.Join(", ", state.Changes.Select(static c => c.Change))} and should be {string.Join(", ", changes.Select(static c => c.Key))}";
        if (!state.Gates.Select(static g => g.Gate).SequenceEqual(pipeline.Gates.Select(static g => g.Name))) return $"its gates are {string.Join(", ", state.Gates.Select(static g => g.Gate))}: another version of the pipeline";
        for (int g = 0; g < gates.Length; g++)
            if (state.Gates[g].Status != gates[g].Status)
                return $"{state.Gates[g].Gate} is {state.Gates[g].Status} ({state.Gates[g].Reason}, {state.Gates[g].Detail}, {state.Gates[g].Subject} since {state.Gates[g].Since:HH:mm:ss.fff}) and should be {gates[g].Status} (since {gates[g].Since:HH:mm:ss.fff})";
        if (state.DoneDefinition != pipeline.Done.Name) return $"it is judged by '{state.DoneDefinition}' and not by '{pipeline.Done.Name}'";
        if (state.IsDone != Done()) return $"it is {(state.IsDone ? "" : "not ")}done";
        return state.Abandoned != abandoned ? $"it is {(state.Abandoned ? "" : "not ")}abandoned" : null;
    }
}
