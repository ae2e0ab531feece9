using ClosedLoop.Hosting;

namespace ClosedLoop.Rebuild;

/// <summary>A rebuild on request, once the engine has started.</summary>
internal sealed class LoopRebuild(EngineStart start, RecordRebuild record) : ILoopRebuild
{
    public async ValueTask<RebuildReport> RebuildAsync(CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await record.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
