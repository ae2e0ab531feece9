using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Api.Streaming;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>Reads and follows the transition log, and what was kept aside.</summary>
internal sealed class LogReads(IClosedLoop loop, ILoopQueries queries, TransitionStreams streams) : IApiOperations
{
    private const int MaxRows = 1_000;
    private const string LastEventId = "Last-Event-ID";

    public IReadOnlyList<ApiOperation> Operations =>
    [
        ApiOperation.Get("/items/{id}/transitions", "listItemTransitions", "Reads an item's changes in the order in which they were recorded.", OfItemAsync, ApiJson.Default.TransitionPageBody, 400, 404) with
        {
            Query = [ApiParameter.After, ApiParameter.Limit(100, MaxRows)],
        },
        ApiOperation.Get("/transitions", "listTransitions", "Reads the transition log in the order in which it was recorded.", ListAsync, ApiJson.Default.TransitionPageBody, 400) with
        {
            Query = [ApiParameter.After, Item, ApiParameter.Limit(100, MaxRows)],
        },
        ApiOperation.Get("/transitions/stream", "streamTransitions", "Follows the transition log as server-sent events.", StreamAsync, ApiJson.Default.TransitionBody, 400) with
        {
            Query = [ApiParameter.After, Item, new ApiParameter(LastEventId, "The id of the last event that was received; it counts before 'after'.") { IsHeader = true, Type = "integer", Minimum = 0 }],
            Responses = [new ApiResponse(200, "Events named 'transition' without end: 'id' is the sequence, 'data' a TransitionBody in one line. A comment every 15 s shows that the stream lives.", null, "text/event-stream")],
        },
        ApiOperation.Get("/quarantine", "listQuarantine", "Lists what was quarantined or refused, newest first.", QuarantineAsync, ApiJson.Default.QuarantineBody, 400) with
        {
            Required = ReaderOrWriter.Writer,
            Query = [ApiParameter.Limit(100, MaxRows)],
        },
        ApiOperation.Get("/sources", "listSources", "Lists the sources that are polled, and whether they can be reached.", SourcesAsync, ApiJson.Default.SourceListBody),
    ];

    private static ApiParameter Item { get; } = new("item", "Only the changes of this item.");

    private async ValueTask<Answer> OfItemAsync(HttpContext context, Caller caller)
    {
        string id = RequestRead.RouteId(context);
        if (RequestRead.Id(id) is not null) return ItemReads.Unknown();
        var (page, problem) = await ReadAsync(context, id).ConfigureAwait(false);
        if (page is null) return problem!;
        return page.Transitions.Count == 0 && await loop.GetStatusAsync(id, context.RequestAborted).ConfigureAwait(false) is null ? ItemReads.Unknown() : Of(page);
    }

    private async ValueTask<Answer> ListAsync(HttpContext context, Caller caller)
    {
        string? item = RequestRead.Query(context, "item");
        if (item is not null && RequestRead.Id(item) is { } badItem) return badItem;
        var (page, problem) = await ReadAsync(context, item).ConfigureAwait(false);
        return page is null ? problem! : Of(page);
    }

    private async ValueTask<(TransitionPageBody? Page, Problem? Problem)> ReadAsync(HttpContext context, string? item)
    {
        if (RequestRead.Limit(context, 100, MaxRows, out int limit) is { } badLimit) return (null, badLimit);
        if (RequestRead.After(RequestRead.Query(context, "after"), out long after) is { } badAfter) return (null, badAfter);
        var transitions = await queries.ReadTransitionsAsync(new TransitionQuery { ItemId = item, After = after, Limit = limit }, context.RequestAborted).ConfigureAwait(false);
        return (new TransitionPageBody([.. transitions.Select(TransitionBody.Of)], transitions.Count == 0 ? after : transitions[^1].Sequence), null);
    }

    private ValueTask<Answer> StreamAsync(HttpContext context, Caller caller)
    {
        string? item = RequestRead.Query(context, "item");
        if (item is not null && RequestRead.Id(item) is { } badItem) return new(badItem);
        string header = context.Request.Headers[LastEventId].ToString();
        if (RequestRead.After(header.Length > 0 ? header : RequestRead.Query(context, "after"), out long after) is { } badAfter) return new(badAfter);
        return new(streams.Open(item, after, HttpMethods.IsHead(context.Request.Method)));
    }

    private async ValueTask<Answer> QuarantineAsync(HttpContext context, Caller caller)
    {
        if (RequestRead.Limit(context, 100, MaxRows, out int limit) is { } problem) return problem;
        var entries = await queries.ReadQuarantineAsync(limit, context.RequestAborted).ConfigureAwait(false);
        return new JsonAnswer<QuarantineBody>(200, new QuarantineBody([.. entries.Select(QuarantineEntryBody.Of)]), ApiJson.Default.QuarantineBody);
    }

    private ValueTask<Answer> SourcesAsync(HttpContext context, Caller caller) =>
        new(new JsonAnswer<SourceListBody>(200, new SourceListBody([.. queries.Sources.Select(SourceStateBody.Of)]), ApiJson.Default.SourceListBody));

    private static JsonAnswer<TransitionPageBody> Of(TransitionPageBody page) => new(200, page, ApiJson.Default.TransitionPageBody);
}
