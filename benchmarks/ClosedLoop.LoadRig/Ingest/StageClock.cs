using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>A store that counts commits and how long loads, scans and commits took; everything else is passed on.</summary>
internal class StageClock(ILoopStore store) : StoreShell(store)
{
    public int Commits { get; private set; }

    /// <summary>Loads and scans.</summary>
    public int Reads { get; private set; }

    public double LoadSeconds { get; private set; }

    public double ScanSeconds { get; private set; }

    public double CommitSeconds { get; private set; }

    public void Reset() => (LoadSeconds, ScanSeconds, CommitSeconds, Reads) = (0, 0, 0, 0);

    public override async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        long start = Clock.Start();
        var neighbourhood = await base.LoadAsync(request, cancellationToken);
        LoadSeconds += Clock.Seconds(start);
        Reads++;
        return neighbourhood;
    }

    public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        long start = Clock.Start();
        var outcome = await base.CommitAsync(commit, cancellationToken);
        CommitSeconds += Clock.Seconds(start);
        Commits++;
        return outcome;
    }

    // From where nothing else is waited for.
    public override async ValueTask<CommitResult> CommitInStagesAsync(StoreCommit facts, Task<StoreCommit> whole)
    {
        long start = 0;
        var result = await base.CommitInStagesAsync(facts, HandOnAsync());
        CommitSeconds += Clock.Seconds(start);
        Commits++;
        return result;

        async Task<StoreCommit> HandOnAsync()
        {
            var commit = await whole;
            start = Clock.Start();
            return commit;
        }
    }

    public override async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        long start = Clock.Start();
        var rows = await base.ScanAsync(ranges, cancellationToken);
        ScanSeconds += Clock.Seconds(start);
        Reads++;
        return rows;
    }
}
