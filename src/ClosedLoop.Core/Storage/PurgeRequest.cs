namespace ClosedLoop.Storage;

/// <summary>What a store may forget. None of it is needed to say what is true now: registers, items, lines, transitions, timers and outbox keys are never purged.</summary>
public sealed record PurgeRequest
{
    /// <summary>Ids of deliveries that were taken before this instant; null: none. A delivery that comes again after that is taken again, without effect.</summary>
    public DateTimeOffset? DeliveriesBefore { get; init; }

    /// <summary>Entries of the fact log that were written before this instant; null: none. What is so now is in the registers, which stay.</summary>
    public DateTimeOffset? FactLogBefore { get; init; }

    /// <summary>What was kept aside before this instant; null: none.</summary>
    public DateTimeOffset? QuarantineBefore { get; init; }

    /// <summary>The most rows of each of these, oldest first; at least 1. The default is 1,000, which keeps the transaction short.</summary>
    public int Limit { get; init; } = 1_000;
}
