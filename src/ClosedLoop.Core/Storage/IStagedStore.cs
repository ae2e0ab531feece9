namespace ClosedLoop.Storage;

/// <summary>A store that can begin to write a commit before all of it is known: the facts of a batch are written while its lines and items are folded.</summary>
internal interface IStagedStore
{
    /// <summary>So many registers are worth two parts; with fewer, waking another thread costs more than it gains.</summary>
    int WorthStagesFrom { get; }

    /// <summary>Stores a batch in one transaction, or nothing of it, as <see cref="ILoopStore.CommitAsync"/>.</summary>
    /// <param name="facts">The token, and what is known first: log, registers, deliveries, quarantine.</param>
    /// <param name="whole">All of it, the facts included. Canceled: nothing is stored.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    ValueTask<CommitResult> CommitInStagesAsync(StoreCommit facts, Task<StoreCommit> whole);
}
