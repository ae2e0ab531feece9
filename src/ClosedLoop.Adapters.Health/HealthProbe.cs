using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>Looks with every check in each sweep, some at a time. Safe from several threads.</summary>
internal sealed class HealthProbe : IProbe
{
    private const int MaxAtOnce = 8, MaxDiagnostics = 50;

    private readonly ImmutableArray<(ICheck Check, CheckWindow Window)> _checks;
    private readonly TimeProvider _time;

    public HealthProbe(IEnumerable<ICheck> checks, TimeSpan pollInterval, TimeSpan steadyInterval, TimeProvider time)
    {
        _checks = [.. checks.Select(c => (c, new CheckWindow(c.Settings, pollInterval, steadyInterval)))];
        _time = time;
    }

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.SweepSince is null) return ProbeResult.Reached([]) with { Calls = 0 };
        // What the allowance does not pay for is looked at in the next sweep.
        int calls = 0;
        var affordable = new List<(ICheck Check, CheckWindow Window)>();
        foreach (var check in _checks)
        {
            if (batch.Allowance - calls < check.Check.Calls) continue;
            calls += check.Check.Calls;
            affordable.Add(check);
        }
        var looks = new (CheckLook Look, DateTimeOffset At)[affordable.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, affordable.Count), new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            // Before it is sent: what comes back was so at this instant or later.
            var at = _time.GetUtcNow();
            looks[i] = (await affordable[i].Check.LookAsync(at, stop).ConfigureAwait(false), at);
        }).ConfigureAwait(false);

        var facts = new List<Fact>();
        var blind = new List<CheckLook>();
        for (int i = 0; i < looks.Length; i++)
        {
            var (look, at) = looks[i];
            if (look.IsBlind) blind.Add(look);
            else if (affordable[i].Window.Add(look, at) is { } verdict) facts.Add(HealthFacts.Of(affordable[i].Check.Settings, verdict, look.Version, at));
        }
        bool all = affordable.Count == _checks.Length;
        return new ProbeResult
        {
            Outcome = blind.Exists(static b => !b.IsLimited) ? ProbeOutcome.Unreachable : all && blind.Count == 0 ? ProbeOutcome.Reached : ProbeOutcome.RateLimited,
            Facts = [.. facts],
            Calls = calls,
            Detail = blind.Count > 0 ? string.Join("; ", blind.Take(3).Select(static b => b.Detail)) : all ? null : "the allowance leaves no more calls now",
            RetryAt = blind.Max(static b => b.RetryAt),
            Diagnostics = [.. looks.SelectMany(static l => l.Look.Diagnostics).Distinct(StringComparer.Ordinal).Take(MaxDiagnostics)],
        };
    }
}
