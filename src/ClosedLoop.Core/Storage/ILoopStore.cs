using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>
/// What the engine needs of a store: few operations, each for a batch, with expected outcomes as values. Every store passes the
/// conformance kit in ClosedLoop.Testing.
/// </summary>
/// <remarks>
/// All methods are safe from several threads. A store throws <see cref="StoreUnavailableException"/> when it cannot do its work
/// now and the call may be repeated; any other exception means that the call's content cannot be stored.
/// </remarks>
public interface ILoopStore
{
    /// <summary>Creates or migrates the schema. Called once, before anything else; harmless when repeated.</summary>
    /// <exception cref="StoreVersionException">The store was written by a newer version.</exception>
    ValueTask InitializeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Remembers new pipelines and when each gate was first seen, and tells which pipelines differ from what was confirmed last. A new
    /// pipeline counts as confirmed.
    /// </summary>
    ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Remembers that all items follow these versions now. Until then a crash leaves the pipelines changed, and the work is done again.</summary>
    ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken);

    /// <summary>
    /// Loads the neighbourhood of some keys: everything above them (through links, up to items); everything below the items and pull
    /// requests so reached and below the request's subjects; for each pull request also the item that would stand for it. All
    /// registers of those keys, the stored items among them, and which deliveries are known.
    /// </summary>
    ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a batch in one transaction, or nothing of it. Durable when it returns <see cref="CommitOutcome.Committed"/>.
    /// </summary>
    /// <returns><see cref="CommitOutcome.Conflict"/> when what was loaded, or a document, has changed since: load and fold again; else the mark after it.</returns>
    ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken);

    /// <summary>
    /// Reads ranges of the line index, each in key order (or backwards); the answers are in the ranges' order. Reads what is committed;
    /// consistency with a later commit comes from the token, as for <see cref="LoadAsync"/>: a commit that changed the index changes it.
    /// </summary>
    ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken);

    /// <summary>Reads all present registers of some subjects, and nothing above or below them; in no order.</summary>
    ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken);

    /// <summary>Reads the present registers in their order (subject, kind, writer, by the bytes of their text), from the one after the given one on.</summary>
    /// <returns>As many as asked for, or fewer at the end; none when there are no more.</returns>
    ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Claims due rows for a while, oldest first; each claim counts an attempt and carries a fresh fencing token.</summary>
    ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Reads all due rows of some subjects, claimed ones included; in no order.</summary>
    ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken);

    /// <summary>Claims outbox messages whose time has come, oldest first.</summary>
    ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Ends claims on outbox messages: delivered, to be tried again, or given up. A claim whose lease was taken over is left alone.</summary>
    ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken);

    /// <summary>
    /// Gives claims more time, so that nobody takes over what is still being worked on. One that was taken over or has ended is left alone; one that
    /// has run out and that nobody took over holds again.
    /// </summary>
    /// <returns>The tokens of those that hold.</returns>
    ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken);

    /// <summary>Finds items by id; unknown ids are left out.</summary>
    ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Lists items, a page at a time.</summary>
    ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken);

    /// <summary>Counts items by pipeline and where they stand.</summary>
    ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Counts open items by pipeline and where they stand, those that pass all filters.</summary>
    ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Reads which repositories, agents and priorities the open items have.</summary>
    ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken);

    /// <summary>Reads the transition log in the order in which it was recorded.</summary>
    ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken);

    /// <summary>Reads what was quarantined or refused, newest first.</summary>
    ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Reads documents by the beginning of their names, in the order of the names.</summary>
    /// <exception cref="ArgumentException">The prefix is empty.</exception>
    ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the instant of the earliest due row or outbox message that nobody holds; null when there is none.</summary>
    ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what the request names, in one short transaction; nothing else changes by it, not what a load returns either.</summary>
    /// <returns>How many rows went. None: there is nothing more to forget.</returns>
    ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken);
}
