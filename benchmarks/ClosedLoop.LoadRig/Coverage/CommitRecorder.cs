using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Coverage;

/// <summary>A clock that remembers the last commit, so that its twin can write the very same rows by hand.</summary>
internal sealed class CommitRecorder(ILoopStore store) : StageClock(store)
{
    public StoreCommit? Last { get; private set; }

    public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        Last = commit;
        return base.CommitAsync(commit, cancellationToken);
    }
}
