using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Items;

/// <summary>An item is folded again with each fact that concerns it; what the fold before left may save work and says nothing.</summary>
public sealed class FoldAgainTests
{
    [Fact]
    public void A_fold_comes_out_the_same_whatever_was_folded_before_it() =>
        PropertyCheck.Holds(Histories.Arbitrary(), static history =>
        {
            var graph = new FactGraph();
            var scratch = new FoldScratch();
            var states = new Dictionary<Key, ItemState>();
            foreach (var fact in history.Facts)
            {
                graph.Apply(fact);
                var items = new HashSet<Key>();
                graph.CollectItems(fact.Subject, items);
                foreach (var item in items)
                {
                    if (ItemFold.Fold(PipelineDefinition.Default, item, graph) is not { } expected) continue;
                    var state = Fold(item, graph, scratch, states.GetValueOrDefault(item));
                    Assert.Equal(StoredJson.Write(expected), StoredJson.Write(state));
                    states[item] = state;
                }
            }
        }, tests: 100);

    [Fact]
    public void A_gate_that_says_the_same_keeps_its_view_also_when_that_was_read_from_a_store()
    {
        var graph = Graph(Given.Delivered(1, 1, "a1"));
        var before = StoredJson.ReadState(StoredJson.Write(Fold(Given.Item(1), graph)));
        graph.Apply(Given.Built(2, GateStatus.Failed, 9, "a1"));
        var after = Fold(Given.Item(1), graph, before: before);
        foreach (string gate in new[] { Gates.PrOpened, Gates.Reviewed, Gates.Merged }) Assert.Same(before.Gate(gate), after.Gate(gate));
        Assert.Equal((GateStatus.Passed, GateStatus.Failed), (before.Gate(Gates.MainCi)!.Status, after.Gate(Gates.MainCi)!.Status));
    }

    [Fact]
    public void A_link_that_only_differs_in_its_fragment_is_another_view()
    {
        var built = Given.Built(1, GateStatus.Passed, 5, "a1") with { Evidence = Evidence.At("https://ci.example/1#log") };
        var before = Fold(Given.Item(1), Graph([.. Given.Delivered(1, 1, "a1"), built with { Ordinal = new Ordinal(1, 0, 3) }]));
        var after = Fold(Given.Item(1), Graph([.. Given.Delivered(1, 1, "a1"), built with { Ordinal = new Ordinal(1, 0, 3), Evidence = Evidence.At("https://ci.example/1#tests") }]), before: before);
        Assert.Equal("https://ci.example/1#tests", after.Gate(Gates.MainCi)!.Evidence!.Url!.OriginalString);
    }

    [Fact]
    public void Folding_an_item_again_allocates_its_state_and_little_else()
    {
        var graph = Graph([.. Given.Delivered(1, 1, "a1"), Given.ImageBuilt("d1", 6, Given.Commit("a1")), Given.Runs("production", "d1", 7)]);
        var scratch = new FoldScratch();
        var state = Fold(Given.Item(1), graph, scratch);
        // The first times what is compiled is made, and the lists grow.
        for (int i = 0; i < 3; i++) state = Fold(Given.Item(1), graph, scratch, state);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) state = Fold(Given.Item(1), graph, scratch, state);
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
        Assert.InRange(bytes, 1, 2_000);
    }

    private static FactGraph Graph(IEnumerable<Fact> facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return graph;
    }

    private static ItemState Fold(Key item, FactGraph graph, FoldScratch? scratch = null, ItemState? before = null)
    {
        scratch ??= new FoldScratch();
        return ItemFold.Fold(PipelineDefinition.Default, item, ItemScope.Collect(item, graph, scratch), scratch, before);
    }
}
