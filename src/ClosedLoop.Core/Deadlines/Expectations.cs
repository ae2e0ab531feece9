using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ClosedLoop.Deadlines;

/// <summary>What items of a pipeline and repository took lately at a gate. Safe from several threads.</summary>
internal sealed class Expectations
{
    private readonly ConcurrentDictionary<(string Pipeline, string Gate, string? Repository), Queue<(DateTimeOffset At, TimeSpan Took)>> _passes = new();

    public void Learn(string pipeline, string gate, string? repository, DateTimeOffset at, TimeSpan took)
    {
        var passes = _passes.GetOrAdd((pipeline, gate, repository), static _ => new());
        lock (passes)
        {
            passes.Enqueue((at, took));
            while (passes.Count > AdaptiveLimit.MaxSamples) passes.Dequeue();
        }
    }

    /// <summary>The exact 95th percentile by nearest rank; null when too few passed lately.</summary>
    public TimeSpan? Usual(string pipeline, string gate, string? repository, DateTimeOffset now)
    {
        if (!_passes.TryGetValue((pipeline, gate, repository), out var passes)) return null;
        List<TimeSpan> took;
        lock (passes) took = [.. passes.Where(p => p.At > now - AdaptiveLimit.Window).Select(static p => p.Took)];
        if (took.Count < AdaptiveLimit.MinSamples) return null;
        var sorted = CollectionsMarshal.AsSpan(took);
        sorted.Sort();
        return sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1];
    }
}
