using System.Globalization;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.AspNetCore.Dashboard.Text;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Items;

/// <summary>Reads one item and a part of its log.</summary>
internal sealed class ItemReader(IClosedLoop loop, ILoopQueries queries)
{
    private const int Rows = 100;

    public async ValueTask<Page> ReadAsync(HttpContext context)
    {
        long? before = null;
        if (RequestRead.Query(context, "before") is { } text)
            before = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long place) ? place : -1;
        if (before < 0) return ErrorPage.BadRequest("The address names a place in the log that is no number. Begin with the item's own page.");
        string id = RequestRead.RouteId(context);
        if (await loop.GetStatusAsync(id, context.RequestAborted).ConfigureAwait(false) is not { } status)
            return ErrorPage.NotFound("Nothing is known of an item with this id: it was not opened and no change names it.");
        var transitions = await queries.ReadTransitionsAsync(new TransitionQuery { ItemId = id, Before = before, NewestFirst = true, Limit = Rows }, context.RequestAborted).ConfigureAwait(false);
        var model = new ItemModel
        {
            Status = status,
            Pipeline = queries.Pipelines.FirstOrDefault(p => p.Name == status.State.Pipeline),
            Transitions = transitions,
            Next = transitions.Count == Rows ? transitions[^1].Sequence : null,
            IsOlder = before is not null,
        };
        return Page.Of<ItemPage>(model, DisplayText.Of(id, 80), Section.Board);
    }
}
