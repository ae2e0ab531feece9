using System.Runtime.CompilerServices;
using System.Text.Json;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Targets;
using ClosedLoop.Deadlines;
using ClosedLoop.Hosting;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Cli.Reading;

/// <summary>Reads a record from its store. Which sources can be reached only the service knows, so that here no gate is blind.</summary>
internal sealed class StoreReader(OpenStore open, Target target, TimeProvider time) : IRecordReader
{
    private const string Incidents = "alerting/incident/";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ILoopStore _store = open.Store;
    private readonly SourceHealth _health = open.Get<SourceHealth>();
    private readonly LimitClock _limits = open.Get<LimitClock>();

    public async ValueTask<ItemBody?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _store.FindItemsAsync([id], cancellationToken).ConfigureAwait(false) is [var record] ? ItemBody.Of(StatusView.Of(record, _health, _limits, time.GetUtcNow())) : null;

    public async ValueTask<ItemPageBody> ListAsync(ItemFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var query = new ItemQuery
        {
            Pipeline = filter.Pipeline,
            WaitingOn = filter.WaitingOn,
            IsDone = filter.IsDone,
            OverdueAt = filter.IsOverdue ? now : null,
            Text = filter.Text,
            Cursor = cursor,
            Limit = limit,
        };
        var page = await _store.QueryItemsAsync(query, cancellationToken).ConfigureAwait(false);
        var items = page.Items.Select(record => StatusView.Of(record, _health, _limits, now));
        // The store compares limits as if their clocks never stood still.
        if (filter.IsOverdue) items = items.Where(static s => s.Overdue.Count > 0);
        return new ItemPageBody([.. items.Select(ItemBody.Of)], page.NextCursor);
    }

    public async ValueTask<BoardBody> BoardAsync(CancellationToken cancellationToken) =>
        BoardBody.Of([target.Pipeline], await _store.CountAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false), openOnly: false);

    public async ValueTask<TransitionPageBody> TransitionsAsync(string? itemId, long after, int limit, CancellationToken cancellationToken)
    {
        var transitions = await _store.ReadTransitionsAsync(new TransitionQuery { ItemId = itemId, After = after, Limit = limit }, cancellationToken).ConfigureAwait(false);
        return new TransitionPageBody([.. transitions.Select(TransitionBody.Of)], transitions.Count == 0 ? after : transitions[^1].Sequence);
    }

    public async ValueTask<long> EndOfLogAsync(string? itemId, CancellationToken cancellationToken) =>
        await _store.ReadTransitionsAsync(new TransitionQuery { ItemId = itemId, NewestFirst = true, Limit = 1 }, cancellationToken).ConfigureAwait(false) is [var last] ? last.Sequence : 0;

    public async IAsyncEnumerable<IReadOnlyList<TransitionBody>> FollowAsync(string? itemId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await foreach (var page in this.LogPagesAsync(itemId, after, cancellationToken).ConfigureAwait(false))
            {
                if (page.Count > 0) after = page[^1].Sequence;
                yield return page;
            }
            await Task.Delay(LookAgain, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<IncidentLine>?> IncidentsAsync(CancellationToken cancellationToken)
    {
        var documents = await _store.ReadDocumentsAsync(new DocumentQuery { Prefix = Incidents }, cancellationToken).ConfigureAwait(false);
        return [.. documents.Select(static d => IncidentReading.Of(JsonSerializer.Deserialize<JsonElement>(d.Body, CliJson.Default.JsonElement))).OfType<IncidentLine>().OrderBy(static i => i.Since).ThenBy(static i => i.Id, StringComparer.Ordinal)];
    }

    public ValueTask DisposeAsync() => open.DisposeAsync();
}
