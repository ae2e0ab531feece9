using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClosedLoop.AspNetCore.Api;

namespace ClosedLoop.Cli.Reading;

/// <summary>Reads a record from a service's API.</summary>
internal sealed class HttpReader(ServiceApi api, TimeProvider time) : IRecordReader
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OpenAgain = TimeSpan.FromSeconds(30);

    public ValueTask<ItemBody?> FindAsync(string id, CancellationToken cancellationToken) =>
        api.FindAsync($"items/{Uri.EscapeDataString(id)}", CliJson.Default.ItemBody, cancellationToken);

    public async ValueTask<ItemPageBody> ListAsync(ItemFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var query = new QueryText("items")
            .Add("limit", limit.ToString(CultureInfo.InvariantCulture)).Add("cursor", cursor).Add("pipeline", filter.Pipeline).Add("waitingOn", filter.WaitingOn)
            .Add("done", filter.IsDone is { } done ? done ? "true" : "false" : null).Add("overdue", filter.IsOverdue ? "true" : null).Add("q", filter.Text);
        return await api.GetAsync(query.ToString(), CliJson.Default.ItemPageBody, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<BoardBody> BoardAsync(CancellationToken cancellationToken) => api.GetAsync("board", CliJson.Default.BoardBody, cancellationToken);

    public async ValueTask<TransitionPageBody> TransitionsAsync(string? itemId, long after, int limit, CancellationToken cancellationToken) =>
        await LogAsync(itemId, Log(itemId).Add("after", after.ToString(CultureInfo.InvariantCulture)).Add("limit", limit.ToString(CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false)
            ?? new TransitionPageBody([], after);

    public async ValueTask<long> EndOfLogAsync(string? itemId, CancellationToken cancellationToken) =>
        await LogAsync(itemId, Log(itemId).Add("newest", "true").Add("limit", "1"), cancellationToken).ConfigureAwait(false) is { Transitions: [var last] } ? last.Sequence : 0;

    public async IAsyncEnumerable<IReadOnlyList<TransitionBody>> FollowAsync(string? itemId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var openAt = DateTimeOffset.MinValue;
        while (true)
        {
            await foreach (var page in this.LogPagesAsync(itemId, after, cancellationToken).ConfigureAwait(false))
            {
                if (page.Count > 0) after = page[^1].Sequence;
                yield return page;
            }
            if (time.GetUtcNow() >= openAt && await api.OpenStreamAsync(new QueryText("transitions/stream").Add("item", itemId).ToString(), after, time, cancellationToken).ConfigureAwait(false) is { } stream)
            {
                await using (stream.ConfigureAwait(false))
                {
                    while (Read(await stream.NextAsync(cancellationToken).ConfigureAwait(false)) is { } transition)
                    {
                        after = transition.Sequence;
                        yield return [transition];
                    }
                }
            }
            else if (time.GetUtcNow() >= openAt)
            {
                // A service that has no stream, or none to spare, is asked for what is new, and now and then for a stream.
                openAt = time.GetUtcNow() + OpenAgain;
            }
            await Task.Delay(LookAgain, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<IncidentLine>?> IncidentsAsync(CancellationToken cancellationToken)
    {
        var answer = await api.FindAsync("incidents?open=true", CliJson.Default.JsonElement, cancellationToken).ConfigureAwait(false);
        if (answer.ValueKind == JsonValueKind.Undefined) return null;
        var list = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("incidents", out var incidents) ? incidents : answer;
        return list.ValueKind != JsonValueKind.Array ? null
            : [.. list.EnumerateArray().Select(IncidentReading.Of).OfType<IncidentLine>().OrderBy(static i => i.Since).ThenBy(static i => i.Id, StringComparer.Ordinal)];
    }

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    // What cannot be read as a change is not passed over: the log itself is read again.
    private static TransitionBody? Read(ReadOnlyMemory<byte>? data)
    {
        try
        {
            return data is { } json ? JsonSerializer.Deserialize(json.Span, CliJson.Default.TransitionBody) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static QueryText Log(string? itemId) => new(itemId is null ? "transitions" : $"items/{Uri.EscapeDataString(itemId)}/transitions");

    private async ValueTask<TransitionPageBody?> LogAsync(string? itemId, QueryText query, CancellationToken cancellationToken) =>
        await api.FindAsync(query.ToString(), CliJson.Default.TransitionPageBody, cancellationToken).ConfigureAwait(false)
            ?? (itemId is null ? throw new CommandFailure($"{api.Address} does not offer the whole log (api/transitions): it is an older service. Name an item, or read its store with --store.") : null);
}
