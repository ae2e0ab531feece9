using BenchmarkDotNet.Attributes;
using ClosedLoop.Facts;

namespace ClosedLoop.Benchmarks;

/// <summary>Nine facts that are all known, as objects of their own, beside a dictionary of the fact with the greatest ordinal.</summary>
[MemoryDiagnoser]
public class JoinBenchmarks
{
    private readonly FactGraph _graph = new();
    private readonly Dictionary<(string, string, string), Fact> _newest = [];
    private readonly Fact[] _again = [.. DeliveryHistory.Of(1)];
    private (string, string, string)[] _keys = [];

    [GlobalSetup]
    public void Setup()
    {
        foreach (var fact in DeliveryHistory.Of(1))
        {
            _graph.Apply(fact);
            _newest[KeyOf(fact)] = fact;
        }
        _keys = Array.ConvertAll(_again, KeyOf);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = 9)]
    public int NativeTwin()
    {
        int changed = 0;
        for (int i = 0; i < _again.Length; i++)
            if (!_newest.TryGetValue(_keys[i], out var known) || known.Ordinal < _again[i].Ordinal)
            {
                _newest[_keys[i]] = _again[i];
                changed++;
            }
        return changed;
    }

    [Benchmark(OperationsPerInvoke = 9)]
    public int JoinKnown()
    {
        int changed = 0;
        foreach (var fact in _again)
            if (_graph.Apply(fact) is not null)
                changed++;
        return changed;
    }

    private static (string, string, string) KeyOf(Fact fact) => (fact.Subject.ToString(), fact.Kind, fact.Writer.ToString());
}
