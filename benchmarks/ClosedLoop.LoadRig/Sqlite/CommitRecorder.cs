using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>A clock that remembers what was committed, so that a twin can write the very same rows by hand.</summary>
internal sealed class CommitRecorder(ILoopStore store) : StageClock(store)
{
    private readonly List<StoreCommit> _commits = [];

    public IReadOnlyList<StoreCommit> Recorded => _commits;

    public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        var result = await base.CommitAsync(commit, cancellationToken);
        if (result.Outcome == CommitOutcome.Committed) _commits.Add(commit);
        return result;
    }

    public override async ValueTask<CommitResult> CommitInStagesAsync(StoreCommit facts, Task<StoreCommit> whole)
    {
        var result = await base.CommitInStagesAsync(facts, whole);
        if (result.Outcome == CommitOutcome.Committed) _commits.Add(await whole);
        return result;
    }

    public void Forget() => _commits.Clear();
}
