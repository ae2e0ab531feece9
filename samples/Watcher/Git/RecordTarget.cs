using ClosedLoop.Migration;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>Writes the backfill into a SQLite record, through the same intake as everything else, flagged as recovered.</summary>
internal sealed class RecordTarget : IBackfillTarget, IDisposable
{
    private readonly ServiceProvider _services;

    public RecordTarget(string path) =>
        _services = new ServiceCollection().AddClosedLoop(loop => loop.UseSqlite(o => o.Path = path)).BuildServiceProvider();

    public async Task WriteAsync(IReadOnlyList<GitBackfillItem> items, CancellationToken cancellationToken) =>
        await _services.GetRequiredService<ILoopMigration>().RecoverAsync(items.SelectMany(static i => i.Facts), cancellationToken);

    public void Dispose() => _services.Dispose();
}
