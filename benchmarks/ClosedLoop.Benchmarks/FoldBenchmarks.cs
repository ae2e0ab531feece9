using BenchmarkDotNet.Attributes;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Benchmarks;

/// <summary>What the fold costs beside a twin that only looks up each gate's newest status and knows neither links, nor writers, nor reasons.</summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private readonly FactGraph _graph = new();
    private readonly Dictionary<string, Fact> _newest = new(StringComparer.Ordinal);
    private readonly Key _item = Key.Item("BL-1");
    private IReadOnlyList<Fact> _facts = [];

    [GlobalSetup]
    public void Setup()
    {
        _facts = DeliveryHistory.Of(1);
        foreach (var fact in _facts)
        {
            _graph.Apply(fact);
            _newest[fact.Kind] = fact;
        }
    }

    [Benchmark(Baseline = true)]
    public bool NativeTwin()
    {
        foreach (string gate in Gates.Default)
            if (!_newest.TryGetValue(gate, out var fact) || fact.Status != GateStatus.Passed)
                return false;
        return true;
    }

    [Benchmark]
    public ItemState? Fold() => ItemFold.Fold(PipelineDefinition.Default, _item, _graph);

    [Benchmark]
    public ItemState? JoinAndFold()
    {
        var graph = new FactGraph();
        foreach (var fact in _facts) graph.Apply(fact);
        return ItemFold.Fold(PipelineDefinition.Default, _item, graph);
    }
}
