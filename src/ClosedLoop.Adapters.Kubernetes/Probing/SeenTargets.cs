using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Probing;

/// <summary>
/// Which workloads this process saw, so that it notices when one is gone: a list does not show what was deleted. Bounded by what the
/// cluster had; lost with the process, and then a target that was deleted meanwhile stays as it was. Safe from several threads.
/// </summary>
internal sealed class SeenTargets
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<Key, (Workload Workload, DateTimeOffset? GoneAt)>> _byNamespace = new(StringComparer.Ordinal);

    /// <summary>Takes a whole list of a namespace's workloads; returns those that were there before and are not now, with the time at which that was first seen.</summary>
    public List<(Workload Workload, DateTimeOffset GoneAt)> Take(string space, IEnumerable<(Key Subject, Workload Workload)> present, DateTimeOffset serverTime)
    {
        var gone = new List<(Workload, DateTimeOffset)>();
        lock (_lock)
        {
            if (!_byNamespace.TryGetValue(space, out var known)) _byNamespace[space] = known = [];
            var here = new HashSet<Key>();
            foreach (var (subject, workload) in present)
            {
                here.Add(subject);
                // Only what names it is kept, not the object.
                known[subject] = (workload with { Json = default }, null);
            }
            foreach (var (subject, (workload, since)) in known.ToList())
            {
                if (here.Contains(subject)) continue;
                var at = since ?? serverTime;
                if (since is null) known[subject] = (workload, at);
                gone.Add((workload, at));
            }
        }
        return gone;
    }
}
