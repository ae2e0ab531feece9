namespace ClosedLoop.Reconciliation;

/// <summary>What is known of one source: whether it can be reached, and how it is read.</summary>
/// <param name="Source">The adapter's name.</param>
/// <param name="ReachedAt">When it last answered; null when not since the start or since it was lost.</param>
/// <param name="BlindSince">Since when it does not answer; null when it does.</param>
/// <param name="Detail">What happened.</param>
public sealed record SourceStatus(string Source, DateTimeOffset? ReachedAt, DateTimeOffset? BlindSince, string? Detail)
{
    /// <summary>How often it is swept, and what happens is looked at.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Whether it sends webhooks here too.</summary>
    public bool TakesWebhooks { get; init; }

    /// <summary>The gates that it tells of.</summary>
    public IReadOnlyList<string> Gates { get; init; } = [];

    /// <summary>The most calls to it in an hour; null when no limit is set.</summary>
    public int? CallsPerHour { get; init; }

    /// <summary>How many calls could be made without exceeding that when it was last read; null when no limit is set, or this process does not read it.</summary>
    public int? CallsLeft { get; init; }

    /// <summary>Nothing is asked before this instant, because of the source's own limit, the budget, or a breaker that is open after failures; null when nothing is in the way.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>How late the last look began after it was due; null when this process has not looked yet. More than a poll interval: the budget is too small for what is open.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>How many times more rarely than the adapter says quiet items are looked at, because the budget pays for no more; 1 when nothing is stretched.</summary>
    public double Stretch { get; init; } = 1;
}
