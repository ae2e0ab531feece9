using ClosedLoop.Adapters;

namespace ClosedLoop.Reconciliation;

/// <summary>
/// Plans one source's rounds within its budget: sweeps go first, since they find most for the least, and looks take what is left. What a
/// probe costs is learned from the last ones. Without a budget nothing is ever refused. Used by one prober.
/// </summary>
internal sealed class LookBudget
{
    /// <summary>The most probes in one round, however much could be paid: a round's claims should not outlive their lease.</summary>
    private const int MaxProbes = 10;

    /// <summary>Then quiet items are looked at so many times more rarely than the adapter says.</summary>
    private const double MaxStretch = 20;

    private readonly CallBudget? _calls;
    private readonly TimeSpan _poll;
    private readonly int _keys;
    private int _lookCost = 1;
    private int _sweepCost = 1;

    public LookBudget(AdapterRegistration adapter, DateTimeOffset start)
    {
        _keys = adapter.MaxKeysPerProbe;
        _poll = adapter.PollInterval;
        if (adapter.CallsPerHour is { } perHour) _calls = new CallBudget(perHour, start);
    }

    /// <summary>What the next probe may take.</summary>
    public int Allowance(DateTimeOffset now) => _calls?.Available(now) ?? int.MaxValue;

    public bool CanSweep(DateTimeOffset now) => _calls is null || _calls.Available(now) >= Math.Min(_sweepCost, _calls.Burst);

    public bool CanLook(DateTimeOffset now) => AffordableLooks(now) > 0;

    /// <summary>How many looks can be paid now, with enough left for the next sweep.</summary>
    public int AffordableLooks(DateTimeOffset now) =>
        _calls is null ? MaxProbes * _keys : (int)Math.Min(MaxProbes, Math.Max(0, _calls.Available(now) - Reserve(_calls)) / Math.Max(1, LookCost(_calls))) * _keys;

    /// <summary>When there is enough for a sweep.</summary>
    public DateTimeOffset WhenSweep(DateTimeOffset now) => _calls?.When(_sweepCost, now) ?? now;

    /// <summary>
    /// How much longer quiet items wait while the budget does not pay for more. Otherwise what just happened would queue behind what is quiet,
    /// all of it late alike.
    /// </summary>
    public double Stretch { get; private set; } = 1;

    /// <summary>Notes how late the oldest look of a round began.</summary>
    public void Late(TimeSpan delay)
    {
        if (_calls is null) return;
        Stretch = delay > _poll / 2 ? Math.Min(MaxStretch, Stretch * 1.1) : delay < _poll / 4 ? Math.Max(1, Stretch * 0.99) : Stretch;
    }

    /// <summary>Notes what a probe took.</summary>
    /// <returns>What an operator should know; null when all is well.</returns>
    public string? Spent(ProbeBatch batch, ProbeResult result, DateTimeOffset now)
    {
        if (_calls is null) return null;
        int calls = Math.Max(0, result.Calls ?? 1);
        _calls.Spend(calls, now);
        if (result.RemainingRequests is { } remaining) _calls.Lower(remaining, now);
        bool isShort = result is { Outcome: ProbeOutcome.RateLimited, RetryAt: null };
        if (isShort)
        {
            if (batch.SweepSince is null || (!batch.Keys.IsEmpty && result.SweptUntil is null)) _lookCost = Math.Min(2 * Math.Max(_lookCost, calls), _calls.Burst);
            // One that got further needs no more than it had.
            else if (result.SweptUntil is null) _sweepCost = Math.Min(2 * Math.Max(_sweepCost, calls), _calls.Burst);
            return batch.Allowance >= _calls.Burst && result.SweptUntil is null
                ? $"one probe costs more than the {_calls.Burst} calls that CallsPerHour lets it take at once, so it never ends; raise CallsPerHour, or lower MaxKeysPerProbe or the number of repositories"
                : null;
        }
        if (result.Outcome == ProbeOutcome.Reached && batch.SweepSince is not null) _sweepCost = Learn(_sweepCost, calls - (batch.Keys.IsEmpty ? 0 : _lookCost));
        else if (result.Outcome == ProbeOutcome.Reached) _lookCost = Learn(_lookCost, calls);
        return calls > batch.Allowance ? $"its probe took {calls} calls of {batch.Allowance} that it was allowed; what is over is paid off first" : null;
    }

    // Up at once, down slowly: a probe that does not get through is asked again from its start.
    private static int Learn(int known, int calls) => Math.Max(1, calls >= known ? calls : (known + calls) / 2);

    // Twice the last one: a sweep that runs out just before its end is paid for again.
    private int Reserve(CallBudget calls) => Math.Min(2 * _sweepCost, calls.Burst / 2);

    private int LookCost(CallBudget calls) => Math.Min(_lookCost, calls.Burst - Reserve(calls));
}
