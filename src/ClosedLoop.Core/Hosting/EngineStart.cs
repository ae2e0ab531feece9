using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Rebuild;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

/// <summary>Prepares the store once before its first use: schema, pipelines, sweeps, and items of pipelines that changed.</summary>
internal sealed class EngineStart(ILoopStore store, IIntake intake, PipelineCatalog pipelines, AdapterCatalog adapters, RecordRebuild rebuild, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private volatile bool _started;

    public void Dispose() => _once.Dispose();

    public ValueTask EnsureAsync(CancellationToken cancellationToken) => _started ? ValueTask.CompletedTask : StartAsync(cancellationToken);

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_started) return;
            await store.InitializeAsync(cancellationToken).ConfigureAwait(false);
            var versions = pipelines.Versions();
            var history = await store.RegisterPipelinesAsync(versions, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            pipelines.Apply(history);
            var now = time.GetUtcNow();
            await store.CommitAsync(new StoreCommit { At = now, Due = [.. adapters.Probing.Select(a => Sweep(a.Name, now))] }, cancellationToken).ConfigureAwait(false);
            await rebuild.ResumeAsync(cancellationToken).ConfigureAwait(false);
            foreach (string pipeline in history.Changed) await RefoldAsync(pipeline, cancellationToken).ConfigureAwait(false);
            await store.ConfirmPipelinesAsync(versions, cancellationToken).ConfigureAwait(false);
            _started = true;
        }
        finally
        {
            _once.Release();
        }
    }

    private static DueChange Sweep(string adapter, DateTimeOffset now) =>
        new() { Subject = Key.Create("source", adapter), Kind = DueKinds.Sweep + adapter, DueAt = now, Mode = DueMode.AddOnly };

    // Items keep the state that their old rules gave until they are folded again; facts are untouched by a change of rules.
    private async ValueTask RefoldAsync(string pipeline, CancellationToken cancellationToken)
    {
        var ids = new List<Key>();
        await foreach (var page in store.PagesAsync(new ItemQuery { Pipeline = pipeline, Limit = 500 }, cancellationToken).ConfigureAwait(false))
            ids.AddRange(page.Select(static r => Key.Item(r.State.Id)));
        foreach (var chunk in ids.Chunk(200))
        {
            var submission = new Submission { Source = "engine", ReceivedAt = time.GetUtcNow(), Touch = [.. chunk] };
            var result = await intake.SubmitAsync(submission, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != SubmissionOutcome.Committed)
                throw new StoreUnavailableException($"Items of pipeline '{pipeline}' could not be folded again: {result.Detail}");
        }
    }
}
