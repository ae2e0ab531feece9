namespace ClosedLoop.Storage;

/// <summary>
/// What a store that hears of other processes' commits tells this one. The engine registers it; a store may ask for it when it is created.
/// </summary>
public interface IStoreSignal
{
    /// <summary>
    /// The record may have changed, or something may be due: loops and waiting callers look again soon. A hint: one too many costs a look,
    /// one too few costs at most a second. Safe from any thread; returns at once.
    /// </summary>
    void Changed();
}
