using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Diagnostics;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>The reading half of the API.</summary>
internal sealed class ItemReads(IClosedLoop loop, ILoopQueries queries, TimeProvider time)
{
    private const int MaxItems = 500;
    private const int MaxRows = 1_000;

    public async ValueTask<Answer> ListAsync(HttpContext context, Caller caller)
    {
        if (RequestRead.Limit(context, 50, MaxItems, out int limit) is { } badLimit) return badLimit;
        if (RequestRead.Flag(context, "done", out bool? done) is { } badDone) return badDone;
        if (RequestRead.Flag(context, "overdue", out bool? overdue) is { } badOverdue) return badOverdue;
        if (overdue == false) return Problem.BadRequest("'overdue' takes only true; leave it out for all items.");
        if (!TryReadCursor(RequestRead.Query(context, "cursor"), out string? cursor)) return BadCursor();
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
            string? next = page.NextCursor is { } n ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(n)) : null;
            return new JsonAnswer<ItemPageBody>(200, new ItemPageBody([.. page.Items.Select(ItemBody.Of)], next), ApiJson.Default.ItemPageBody);
        }
        catch (ArgumentException) when (cursor is not null)
        {
            return BadCursor();
        }
    }

    public async ValueTask<Answer> GetAsync(HttpContext context, Caller caller)
    {
        var status = await loop.GetStatusAsync(RequestRead.RouteId(context), context.RequestAborted).ConfigureAwait(false);
        return status is null ? Unknown() : new JsonAnswer<ItemBody>(200, ItemBody.Of(status), ApiJson.Default.ItemBody);
    }

    public async ValueTask<Answer> TransitionsAsync(HttpContext context, Caller caller)
    {
        long after = 0;
        if (RequestRead.Limit(context, 100, MaxRows, out int limit) is { } problem) return problem;
        if (RequestRead.Query(context, "after") is { } text && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            return Problem.BadRequest("'after' must be a sequence number: 'next' of the page before, or 0.");
        string id = RequestRead.RouteId(context);
        var transitions = await queries.ReadTransitionsAsync(new TransitionQuery { ItemId = id, After = after, Limit = limit }, context.RequestAborted).ConfigureAwait(false);
        if (transitions.Count == 0 && await loop.GetStatusAsync(id, context.RequestAborted).ConfigureAwait(false) is null) return Unknown();
        long next = transitions.Count == 0 ? after : transitions[^1].Sequence;
        return new JsonAnswer<TransitionPageBody>(200, new TransitionPageBody([.. transitions.Select(TransitionBody.Of)], next), ApiJson.Default.TransitionPageBody);
    }

    public async ValueTask<Answer> DiagramAsync(HttpContext context, Caller caller)
    {
        var status = await loop.GetStatusAsync(RequestRead.RouteId(context), context.RequestAborted).ConfigureAwait(false);
        if (status is null) return Unknown();
        return queries.Pipelines.FirstOrDefault(p => p.Name == status.State.Pipeline) is { } pipeline
            ? new TextAnswer(MermaidDiagram.Of(pipeline, status.State))
            : Problem.NotFound("The item's pipeline is no longer configured.");
    }

    public async ValueTask<Answer> BoardAsync(HttpContext context, Caller caller)
    {
        var rows = await queries.CountAsync(context.RequestAborted).ConfigureAwait(false);
        return new JsonAnswer<BoardBody>(200, BoardBody.Of(queries.Pipelines, rows), ApiJson.Default.BoardBody);
    }

    public async ValueTask<Answer> QuarantineAsync(HttpContext context, Caller caller)
    {
        if (RequestRead.Limit(context, 100, MaxRows, out int limit) is { } problem) return problem;
        var entries = await queries.ReadQuarantineAsync(limit, context.RequestAborted).ConfigureAwait(false);
        return new JsonAnswer<QuarantineBody>(200, new QuarantineBody([.. entries.Select(QuarantineEntryBody.Of)]), ApiJson.Default.QuarantineBody);
    }

    private static Problem Unknown() => Problem.NotFound("Nothing is known of an item with this id: it was not opened and no change names it. Escape a '/' in an id as %2F.");

    private static Problem BadCursor() => Problem.BadRequest("'cursor' must be 'nextCursor' of the page before; leave it out for the first page.");

    // A store's cursor may hold an item's id; encoded it fits into an address as it is.
    private static bool TryReadCursor(string? text, out string? cursor)
    {
        cursor = null;
        if (text is null) return true;
        if (!Base64Url.IsValid(text)) return false;
        cursor = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return true;
    }
}
