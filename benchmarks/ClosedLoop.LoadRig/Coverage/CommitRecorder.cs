using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Coverage;

/// <summary>A store that remembers the last commit, so that its twin can write the very same rows by hand.</summary>
internal sealed class CommitRecorder(ILoopStore store) : StoreShell(store)
{
    public StoreCommit? Last { get; private set; }

    public int Commits { get; private set; }

    public double LoadSeconds { get; private set; }

    public double ScanSeconds { get; private set; }

    public double CommitSeconds { get; private set; }

    public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        Last = commit;
        Commits++;
        long start = Clock.Start();
        var outcome = await base.CommitAsync(commit, cancellationToken);
        CommitSeconds += Clock.Seconds(start);
        return outcome;
    }

    public override async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        long start = Clock.Start();
        var neighbourhood = await base.LoadAsync(request, cancellationToken);
        LoadSeconds += Clock.Seconds(start);
        return neighbourhood;
    }

    public override async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        long start = Clock.Start();
        var rows = await base.ScanAsync(ranges, cancellationToken);
        ScanSeconds += Clock.Seconds(start);
        return rows;
    }

    public void Reset() => LoadSeconds = ScanSeconds = CommitSeconds = 0;
}
