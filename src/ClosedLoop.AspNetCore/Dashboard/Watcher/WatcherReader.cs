using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Watcher;

/// <summary>Reads what is known of the sources and what was kept aside.</summary>
internal sealed class WatcherReader(ILoopQueries queries)
{
    private const int Rows = 50;

    public async ValueTask<Page> ReadAsync(HttpContext context)
    {
        var entries = await queries.ReadQuarantineAsync(Rows + 1, context.RequestAborted).ConfigureAwait(false);
        var model = new WatcherModel(queries.Sources, [.. entries.Take(Rows)], entries.Count > Rows);
        return Page.Of<WatcherPage>(model, "Watcher", Section.Watcher);
    }
}
