using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>One batch of changes, stored in one transaction.</summary>
public sealed record StoreCommit
{
    /// <summary>The token of the neighbourhood that this batch was folded from; null skips the check.</summary>
    public object? Token { get; init; }

    /// <summary>The instant of the commit.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Every new observation, also those that changed nothing: the append-only log. One that is already in it is left out.</summary>
    public IReadOnlyList<LoggedFact> Log { get; init; } = [];

    /// <summary>Registers with their new value; each replaces the stored register and its links.</summary>
    public IReadOnlyList<Fact> Registers { get; init; } = [];

    /// <summary>Registers of which nothing is stored yet, as the token says, so that there are no links of before; those of others may be there.</summary>
    internal IReadOnlySet<RegisterId> NewRegisters { get; init; } = NoRegisters;

    private static readonly HashSet<RegisterId> NoRegisters = [];

    /// <summary>Items with their new state.</summary>
    public IReadOnlyList<ItemRecord> Items { get; init; } = [];

    /// <summary>Ids of items that no longer exist: stand-ins for a change whose item became known. Their due rows go with them.</summary>
    public IReadOnlyList<string> RemovedItems { get; init; } = [];

    /// <summary>Rows of the line index to set or remove, in this order; the last change of a key counts.</summary>
    public IReadOnlyList<IndexChange> Index { get; init; } = [];

    /// <summary>What to append to the transition log.</summary>
    public IReadOnlyList<Transition> Transitions { get; init; } = [];

    /// <summary>Due rows to set, bring forward or remove.</summary>
    public IReadOnlyList<DueChange> Due { get; init; } = [];

    /// <summary>Outbox messages to add; one whose key is known is left out.</summary>
    public IReadOnlyList<OutboxMessage> Outbox { get; init; } = [];

    /// <summary>Documents to set or remove, each from the version that it was read with.</summary>
    public IReadOnlyList<DocumentChange> Documents { get; init; } = [];

    /// <summary>Deliveries that are now taken.</summary>
    public IReadOnlyList<DeliveryId> Deliveries { get; init; } = [];

    /// <summary>What was quarantined or refused; an entry whose id is known is left out.</summary>
    public IReadOnlyList<QuarantineEntry> Quarantine { get; init; } = [];

    /// <summary>
    /// Whether there is nothing to store, as with a batch of deliveries that are all known. A store answers
    /// <see cref="CommitOutcome.Committed"/> with the same token at once, also when that is stale: what is known stays known, whoever wrote meanwhile.
    /// </summary>
    public bool IsEmpty => Log.Count + Registers.Count + Items.Count + RemovedItems.Count + Index.Count + Transitions.Count + Due.Count + Outbox.Count + Documents.Count + Deliveries.Count + Quarantine.Count == 0;
}
