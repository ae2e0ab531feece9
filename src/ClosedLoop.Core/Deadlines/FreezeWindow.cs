namespace ClosedLoop.Deadlines;

/// <summary>A span in which nothing is expected to move: a release freeze, a maintenance window. Limits that run meanwhile run out later by as much.</summary>
/// <param name="From">When it begins. It counts also for limits that run already.</param>
/// <param name="To">When it ends; null while that is not known.</param>
public sealed record FreezeWindow(DateTimeOffset From, DateTimeOffset? To = null) : ClockRule
{
    internal override IEnumerable<ClockPause> PausesFrom(DateTimeOffset from)
    {
        var to = To ?? DateTimeOffset.MaxValue;
        if (to > from) yield return new ClockPause(From, to, Reason ?? "freeze");
    }

    internal override string? Mistake() => To <= From ? $"ends at {To:u}, which is not after its beginning at {From:u}; leave To out while its end is not known" : base.Mistake();
}
