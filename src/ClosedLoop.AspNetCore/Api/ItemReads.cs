using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Diagnostics;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>Reads items and the board.</summary>
internal sealed class ItemReads(IClosedLoop loop, ILoopQueries queries, TimeProvider time) : IApiOperations
{
    private const int MaxItems = 500;

    public IReadOnlyList<ApiOperation> Operations =>
    [
        ApiOperation.Get("/items", "listItems", "Lists items, newest change first, a page at a time.", ListAsync, ApiJson.Default.ItemPageBody, 400) with
        {
            Query =
            [
                new ApiParameter("pipeline", "Only items of this pipeline."),
                new ApiParameter("waitingOn", "Only items that wait on this gate."),
                ApiParameter.Flag("done", "Only items that are done, or only those that are not."),
                ApiParameter.Flag("overdue", "true: only items with a limit that ran out."),
                new ApiParameter("q", "Only items whose id, title or repository contains this text."),
                ApiParameter.Cursor,
                ApiParameter.Limit(50, MaxItems),
            ],
        },
        ApiOperation.Get("/items/{id}", "getItem", "Reads an item: where it stands, why, and every gate with its evidence.", GetAsync, ApiJson.Default.ItemBody, 404),
        ApiOperation.Get("/items/{id}/diagram", "getItemDiagram", "Draws an item's gates as a Mermaid flowchart.", DiagramAsync, ApiJson.Default.ItemBody, 404) with
        {
            Responses = [new ApiResponse(200, "The text of a Mermaid flowchart.", null, "text/plain")],
        },
        ApiOperation.Get("/board", "getBoard", "Counts items at each gate of each pipeline.", BoardAsync, ApiJson.Default.BoardBody, 400),
    ];

    private async ValueTask<Answer> ListAsync(HttpContext context, Caller caller)
    {
        if (RequestRead.Limit(context, 50, MaxItems, out int limit) is { } badLimit) return badLimit;
        if (RequestRead.Flag(context, "done", out bool? done) is { } badDone) return badDone;
        if (RequestRead.Flag(context, "overdue", out bool? overdue) is { } badOverdue) return badOverdue;
        if (overdue == false) return Problem.BadRequest("'overdue' takes only true; leave it out for all items.");
        if (RequestRead.Filters(context, "pipeline", "waitingOn", "q") is { } badFilter) return badFilter;
        if (!PageCursor.TryDecode(RequestRead.Query(context, "cursor"), out string? cursor)) return PageCursor.Bad();
        var query = new ItemQuery
        {
            Pipeline = RequestRead.Query(context, "pipeline"),
            WaitingOn = RequestRead.Query(context, "waitingOn"),
            IsDone = done,
            OverdueAt = overdue is null ? null : time.GetUtcNow(),
            Text = RequestRead.Query(context, "q"),
            Cursor = cursor,
            Limit = limit,
        };
        try
        {
            var page = await queries.ListAsync(query, context.RequestAborted).ConfigureAwait(false);
            return new JsonAnswer<ItemPageBody>(200, new ItemPageBody([.. page.Items.Select(ItemBody.Of)], PageCursor.Encode(page.NextCursor)), ApiJson.Default.ItemPageBody);
        }
        catch (ArgumentException) when (cursor is not null)
        {
            return PageCursor.Bad();
        }
    }

    private async ValueTask<Answer> GetAsync(HttpContext context, Caller caller) =>
        await FindAsync(context).ConfigureAwait(false) is { } status ? new JsonAnswer<ItemBody>(200, ItemBody.Of(status), ApiJson.Default.ItemBody) : Unknown();

    private async ValueTask<Answer> DiagramAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } status) return Unknown();
        return queries.Pipelines.FirstOrDefault(p => p.Name == status.State.Pipeline) is { } pipeline
            ? new TextAnswer(MermaidDiagram.Of(pipeline, status.State))
            : Problem.NotFound("The item's pipeline is no longer configured.");
    }

    private async ValueTask<Answer> BoardAsync(HttpContext context, Caller caller)
    {
        var rows = await queries.CountAsync(context.RequestAborted).ConfigureAwait(false);
        return new JsonAnswer<BoardBody>(200, BoardBody.Of(queries.Pipelines, rows), ApiJson.Default.BoardBody);
    }

    // What cannot be an id is the id of nothing.
    private async ValueTask<LoopStatus?> FindAsync(HttpContext context)
    {
        string id = RequestRead.RouteId(context);
        return RequestRead.Id(id) is null ? await loop.GetStatusAsync(id, context.RequestAborted).ConfigureAwait(false) : null;
    }

    public static Problem Unknown() => Problem.NotFound("Nothing is known of an item with this id: it was not opened and no change names it. Escape a '/' in an id as %2F.");
}
