using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Rebuild;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

/// <summary>Prepares the store once before its first use: schema, pipelines, sweeps, and items of pipelines that changed.</summary>
internal sealed class EngineStart(ILoopStore store, ItemRefold refold, PipelineCatalog pipelines, AdapterCatalog adapters, RecordRebuild rebuild, TimeProvider time) : IDisposable
{
    // Longer than a rolling update takes: until then a node with the old rules may fold by them.
    private static readonly TimeSpan RollingUpdate = TimeSpan.FromMinutes(30);

    private readonly SemaphoreSlim _once = new(1, 1);
    private IReadOnlyList<(string Pipeline, string Kind)> _refolds = [];
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
            if (history.Changed.Count > 0)
                await store.CommitAsync(new StoreCommit { At = now, Due = [.. versions.Where(v => history.Changed.Contains(v.Name)).Select(v => new DueChange { Subject = Subject(v), Kind = RefoldKind(v), DueAt = now + RollingUpdate })] }, cancellationToken).ConfigureAwait(false);
            await store.ConfirmPipelinesAsync(versions, cancellationToken).ConfigureAwait(false);
            _refolds = [.. versions.Select(static v => (v.Name, RefoldKind(v)))];
            _started = true;
        }
        finally
        {
            _once.Release();
        }
    }

    private static DueChange Sweep(string adapter, DateTimeOffset now) =>
        new() { Subject = Key.Create("source", adapter), Kind = DueKinds.Sweep + adapter, DueAt = now, Mode = DueMode.AddOnly };

    /// <summary>Folds once more what nodes with older rules may have folded while they were replaced.</summary>
    /// <returns>Whether there was such work.</returns>
    public async ValueTask<bool> RefoldDueAsync(CancellationToken cancellationToken)
    {
        if (!_started) return false;
        bool any = false;
        foreach (var (pipeline, kind) in _refolds)
        {
            var request = new ClaimRequest { Now = time.GetUtcNow(), Lease = TimeSpan.FromMinutes(10), Kind = kind, Limit = 1 };
            foreach (var claim in await store.ClaimDueAsync(request, cancellationToken).ConfigureAwait(false))
            {
                await RefoldAsync(pipeline, cancellationToken).ConfigureAwait(false);
                await store.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Due = [new DueChange { Subject = claim.Subject, Kind = claim.Kind, DueAt = null, Token = claim.Token }] }, cancellationToken).ConfigureAwait(false);
                any = true;
            }
        }
        return any;
    }

    private static Key Subject(PipelineVersion version) => Key.Create("pipeline", version.Name);

    // A node with other rules must not take it: it would fold by those.
    private static string RefoldKind(PipelineVersion version) =>
        DueKinds.Refold + version.Name + ":" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version.Signature)))[..16];

    // Items keep the state that their old rules gave until they are folded again; facts are untouched by a change of rules.
    private async ValueTask RefoldAsync(string pipeline, CancellationToken cancellationToken) =>
        await refold.RunAsync(await refold.FindAsync(new ItemQuery { Pipeline = pipeline, Limit = 500 }, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
}
