using ClosedLoop.Alerting.Incidents;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Stuck;

/// <summary>Reads incidents; without alerting, the items that are overdue.</summary>
internal sealed class StuckReader(ILoopQueries queries, IIncidents? incidents, TimeProvider time)
{
    private const int MostEnded = 20;
    private const int MostOverdue = 50;

    public async ValueTask<Page> ReadAsync(HttpContext context) => Page.Of<StuckPage>(await ModelAsync(context.RequestAborted).ConfigureAwait(false), "Stuck", Section.Stuck);

    private async ValueTask<StuckModel> ModelAsync(CancellationToken cancellationToken)
    {
        if (incidents is null)
        {
            var page = await queries.ListAsync(new ItemQuery { IsOpen = true, Order = ItemOrder.LongestWaiting, OverdueAt = time.GetUtcNow(), Limit = MostOverdue }, cancellationToken).ConfigureAwait(false);
            return new StuckModel { HasAlerting = false, Overdue = page.Items };
        }
        var all = await incidents.ListAsync(openOnly: false, cancellationToken).ConfigureAwait(false);
        return new StuckModel
        {
            HasAlerting = true,
            Open = [.. all.Where(static i => i.IsOpen)],
            Ended = [.. all.Where(static i => !i.IsOpen).OrderByDescending(static i => i.EndedAt).Take(MostEnded)],
        };
    }
}
