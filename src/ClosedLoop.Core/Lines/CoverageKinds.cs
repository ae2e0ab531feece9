using ClosedLoop.Pipelines;

namespace ClosedLoop.Lines;

/// <summary>Which kinds of fact are evidence about commits of lines, as the pipelines say.</summary>
internal sealed class CoverageKinds
{
    private readonly Dictionary<string, (GateCoverage Coverage, bool Health)> _kinds = new(StringComparer.Ordinal);
    private readonly string[] _lines;

    public CoverageKinds(IEnumerable<PipelineDefinition> pipelines)
    {
        var all = pipelines.ToList();
        _lines = [.. all.SelectMany(static p => p.Gates).SelectMany(static g => g.Lines.OrEmpty()).Distinct(StringComparer.Ordinal)];
        foreach (var pipeline in all)
        {
            foreach (var gate in pipeline.Gates)
            {
                if (gate.Coverage == GateCoverage.Exact) continue;
                Soaks |= gate.Soak > TimeSpan.Zero;
                foreach (string kind in gate.Signals.OrEmpty().Prepend(gate.Name))
                {
                    var mode = (gate.Coverage, Health: gate.AfterPrevious && gate.Coverage == GateCoverage.Level);
                    if (!_kinds.TryAdd(kind, mode) && _kinds[kind] != mode)
                        throw new InvalidOperationException($"Pipelines:{pipeline.Name}:Gates:{gate.Name} reads '{kind}' as {mode.Coverage} evidence, and another gate as {_kinds[kind].Coverage}; give one of them a kind of its own.");
                }
            }
        }
    }

    /// <summary>Whether any gate has to hold for a while before it counts.</summary>
    public bool Soaks { get; }

    public bool IsEvidence(string kind) => _kinds.ContainsKey(kind);

    public bool IsLevel(string kind) => _kinds.TryGetValue(kind, out var mode) && mode.Coverage == GateCoverage.Level;

    public bool IsHealth(string kind) => _kinds.TryGetValue(kind, out var mode) && mode.Health;

    public bool IsRollout(string kind) => IsLevel(kind) && !IsHealth(kind);

    /// <summary>Whether any gate asks for changes on certain branches.</summary>
    public bool AsksForLines => _lines.Length > 0;

    /// <summary>Whether a gate asks for changes on this very branch.</summary>
    public bool AsksForLine(string branch) => Array.Exists(_lines, pattern => LinePattern.Matches(pattern, branch));
}
