using System.Collections.Concurrent;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Remembers which jobs have no stages: freestyle jobs, and all jobs of a Jenkins without the Pipeline: REST API plugin, answer 404. Safe from
/// several threads.
/// </summary>
internal sealed class StageSupport
{
    private const int MaxJobs = 2_000;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _without = new(StringComparer.Ordinal);

    public bool MayHave(string job, DateTimeOffset now) => !_without.TryGetValue(job, out var until) || now >= until;

    public void HasNone(string job, DateTimeOffset now)
    {
        // Jobs of branches come and go.
        if (_without.Count >= MaxJobs) _without.Clear();
        _without[job] = now + AskAgainAfter;
    }
}
