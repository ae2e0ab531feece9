using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Folds facts as the engine does.</summary>
internal static class World
{
    public static ItemState? Fold(IEnumerable<Fact> facts, string item = "BL-42", PipelineDefinition? pipeline = null)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return ItemFold.Fold(pipeline ?? PipelineDefinition.Default, Key.Item(item), graph);
    }

    public static ItemState State(params Translation[] deliveries) => Fold(deliveries.SelectMany(static d => d.Facts))!;

    public static GateView Gate(string gate, params Translation[] deliveries) => State(deliveries).Gate(gate)!;

    /// <summary>The state as text, to compare whole states.</summary>
    public static string Text(ItemState? state) => System.Text.Json.JsonSerializer.Serialize(state);

    public static Fact Only(this Translation translation, string kind) => Assert.Single(translation.Facts, f => f.Kind == kind);

    public static JsonObject With(this JsonObject payload, Action<JsonObject> change)
    {
        change(payload);
        return payload;
    }
}
