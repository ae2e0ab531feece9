namespace ClosedLoop.Reconciliation;

/// <summary>
/// A token bucket for the calls to one source, sized so that no hour sees more than the budget: what a full bucket can pay at once is
/// taken off what flows in within an hour. It starts empty, so that restarts add nothing. Used by one prober; reads no clock.
/// </summary>
internal sealed class CallBudget
{
    private const double SecondsPerHour = 3600;

    private readonly double _perSecond;
    private double _tokens;
    private DateTimeOffset _asOf;

    /// <param name="perHour">The most calls in any hour; at least 2.</param>
    /// <param name="start">When it begins, empty.</param>
    public CallBudget(int perHour, DateTimeOffset start)
    {
        // A tenth for bursts, or 100 calls where a tenth would be less than a batch or two.
        Burst = Math.Max(perHour / 10, Math.Min(100, perHour / 2));
        _perSecond = (perHour - Burst) / SecondsPerHour;
        _asOf = start;
    }

    /// <summary>The most that can be paid at once.</summary>
    public int Burst { get; }

    /// <summary>What can be paid now.</summary>
    public int Available(DateTimeOffset now)
    {
        Refill(now);
        return Math.Max(0, (int)(_tokens + 1e-6));
    }

    /// <summary>Takes what was paid. More than there was leaves a debt, which is paid off first.</summary>
    public void Spend(int calls, DateTimeOffset now)
    {
        Refill(now);
        _tokens -= calls;
    }

    /// <summary>The source says that no more than this is left.</summary>
    public void Lower(int remaining, DateTimeOffset now)
    {
        Refill(now);
        _tokens = Math.Min(_tokens, Math.Max(0, remaining));
    }

    /// <summary>When so much can be paid (at most a full bucket).</summary>
    public DateTimeOffset When(int calls, DateTimeOffset now)
    {
        Refill(now);
        double missing = Math.Min(calls, Burst) - _tokens;
        return missing <= 0 ? now : now + TimeSpan.FromSeconds(missing / _perSecond) + TimeSpan.FromTicks(1);
    }

    private void Refill(DateTimeOffset now)
    {
        if (now <= _asOf) return;
        _tokens = Math.Min(Burst, _tokens + ((now - _asOf).TotalSeconds * _perSecond));
        _asOf = now;
    }
}
