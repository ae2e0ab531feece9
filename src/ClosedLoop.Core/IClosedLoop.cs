using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop;

/// <summary>
/// The embedding API for agent runtimes: open items, record what was observed, ask what is really true. Safe from several threads.
/// </summary>
/// <remarks>
/// It needs no running host; without one nothing polls and no limit is judged. Methods throw <see cref="ArgumentException"/> for
/// what no call could mean, and return everything else as a value.
/// </remarks>
public interface IClosedLoop
{
    /// <summary>Who speaks through this instance.</summary>
    Writer Writer { get; }

    /// <summary>The same record, spoken to by another writer: <c>loop.As(Writer.Agent("builder-7"))</c>.</summary>
    /// <exception cref="ArgumentException">The writer is <see cref="Writer.Migration"/>: only a migration writes as that.</exception>
    IClosedLoop As(Writer writer);

    /// <summary>Opens an item, or updates what is declared of it. Repeating it is harmless.</summary>
    ValueTask<RecordResult> OpenAsync(WorkItem item, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that a gate is passed, on evidence, and links keys to the item. An agent may only record gates that it owns
    /// (<c>pr-opened</c> by default); others are refused, and the refusal is kept.
    /// </summary>
    ValueTask<RecordResult> RecordAsync(string itemId, string gate, Evidence evidence, params Key[] keys);

    /// <summary>Records any status of a gate, with a sentence about it.</summary>
    ValueTask<RecordResult> RecordAsync(string itemId, string gate, GateStatus status, Evidence evidence, string? detail = null, CancellationToken cancellationToken = default);

    /// <summary>Records facts as they are; subject, kind, ordinal and writer are the caller's choice, and the writer must be this instance's.</summary>
    ValueTask<RecordResult> RecordFactsAsync(IReadOnlyCollection<Fact> facts, CancellationToken cancellationToken = default);

    /// <summary>Links keys (a pull request, a branch, a commit that landed) to an item; what was observed of them before joins it.</summary>
    ValueTask<RecordResult> LinkAsync(string itemId, params Key[] keys);

    /// <summary>A person waives a gate: it no longer has to pass, and the record shows who said so and why.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="person">The person's name; always shown.</param>
    /// <param name="reason">Why; always shown.</param>
    /// <param name="cancellationToken">Stops the wait, not the recording.</param>
    ValueTask<RecordResult> WaiveAsync(string itemId, string gate, string person, string reason, CancellationToken cancellationToken = default);

    /// <summary>A person records a gate as passed by hand; the record shows who said so and why.</summary>
    ValueTask<RecordResult> RecordByHandAsync(string itemId, string gate, string person, string reason, Evidence? evidence = null, CancellationToken cancellationToken = default);

    /// <summary>Reads what is true of an item now; null when nothing is known of it.</summary>
    ValueTask<LoopStatus?> GetStatusAsync(string itemId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until an item is done or abandoned, and returns its status; after <paramref name="timeout"/> the status as it is then.
    /// Null when nothing is known of the item at the end.
    /// </summary>
    /// <param name="itemId">The item.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> or <see cref="TimeSpan.MaxValue"/> waits without a limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<LoopStatus?> WaitUntilDoneAsync(string itemId, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Streams changes of the record as they are made, from a place in the log on; ends when cancelled.</summary>
    /// <param name="itemId">One item, or null for all.</param>
    /// <param name="after">The sequence number to go on from; 0 from the start.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<Transition> WatchAsync(string? itemId = null, long after = 0, CancellationToken cancellationToken = default);
}
