using ClosedLoop.Alerting.Causes;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Adapters;
using ClosedLoop.Hosting;
using ClosedLoop.Outbox;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>Sees the causes that no single item shows: sources that do not answer, sinks that take nothing, work that piles up.</summary>
internal sealed class CauseWatch(ILoopStore store, AdapterCatalog adapters, SourceHealth sources, OutboxHealth outbox, IOptions<AlertingOptions> options)
{
    private readonly AlertingOptions _options = options.Value;

    public async ValueTask<IReadOnlyList<CauseView>> SeeAsync(HoldupReader holdups, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var views = new List<CauseView>();
        var blind = _options.BlindAfter is { } blindAfter ? sources.All.Where(s => s.BlindSince <= now - blindAfter).ToList() : [];
        var rising = RisingAfter is { } hours ? holdups.Wip.Where(w => w.Value.Rising.Length >= hours).ToList() : [];
        var board = blind.Count + rising.Count == 0 ? [] : await store.CountAsync(now, cancellationToken).ConfigureAwait(false);
        foreach (var source in blind)
        {
            int waiting = board.Where(row => row.WaitingOn is { } gate && sources.BlindFor(gate) is not null && Feeds(source.Source, gate)).Sum(static row => row.Items);
            views.Add(Of(Cause.OfSource(source.Source), source.BlindSince!.Value, waiting, source.Detail, now));
        }
        if (_options.SinkStuckAfter is { } stuckAfter)
            foreach (var (name, since, error) in outbox.Failing)
                if (since <= now - stuckAfter) views.Add(Of(Cause.OfSink(name.StartsWith(IncidentConsumer.Prefix, StringComparison.Ordinal) ? name[IncidentConsumer.Prefix.Length..] : name), since, 0, error, now));
        foreach (var (pipeline, wip) in rising)
        {
            int open = board.Where(row => row.Pipeline == pipeline && !row.IsDone && !row.IsAbandoned && row.Migration is null).Sum(static row => row.Items);
            // Where most of it is held up by something that is told already, that is what rises.
            if (open >= _options.RisingWipItems && holdups.Table.Count * 2 < open) views.Add(Of(Cause.OfWip(pipeline), wip.Since!.Value, open, $"{wip.Rising.Sum()} more came in than left in {wip.Rising.Length} h", now));
        }
        return views;
    }

    /// <summary>When one of them begins to count if nothing changes; null when none is on its way.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        var begins = sources.All.Select(s => s.BlindSince + _options.BlindAfter).Concat(outbox.Failing.Select(f => f.Since + _options.SinkStuckAfter));
        return begins.Where(at => at > now).Min();
    }

    private int? RisingAfter => _options.RisingWipHours;

    private bool Feeds(string source, string gate) => adapters.Probing.Any(a => a.Name == source && a.Gates.Contains(gate, StringComparer.Ordinal));

    private static CauseView Of(Cause cause, DateTimeOffset since, int count, string? detail, DateTimeOffset now) => new()
    {
        Cause = cause,
        Since = since,
        Title = CauseText.Title(cause, isRed: false),
        Summary = CauseText.Summary(cause, isRed: false, count, null, since, now)[..^1] + (detail is null ? "." : $"; {CauseText.Cut(detail)}."),
        NextAction = CauseText.NextAction(cause, isRed: false),
        Count = count,
    };
}
