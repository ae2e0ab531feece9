using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>A batch of which the store writes the facts while lines and items are folded. Ended once: completed, or abandoned.</summary>
internal sealed class StagedWrite
{
    // Whoever completes it goes on with the store's work, and wakes nobody for it.
    private readonly TaskCompletionSource<StoreCommit> _whole = new();
    private readonly Task<CommitResult> _stored;

    private StagedWrite(IStagedStore store, StoreCommit facts) => _stored = Task.Run(() => store.CommitInStagesAsync(facts, _whole.Task).AsTask());

    public static bool IsWorth(ILoopStore store, StoreCommit facts) => store is IStagedStore staged && facts.Registers.Count >= staged.WorthStagesFrom;

    public static StagedWrite Begin(ILoopStore store, StoreCommit facts) => new((IStagedStore)store, facts);

    /// <summary>Hands over the whole commit.</summary>
    public Task<CommitResult> CompleteAsync(StoreCommit whole)
    {
        _whole.SetResult(whole);
        return _stored;
    }

    /// <summary>Nothing of it is stored.</summary>
    public async ValueTask AbandonAsync()
    {
        _whole.SetCanceled();
        await ((Task)_stored).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
