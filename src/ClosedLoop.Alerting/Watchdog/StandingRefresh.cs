using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Evaluation;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Outbox;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Watchdog;

/// <summary>Tells one standing sink at its own pace what fires and that the engine lives. A due row keeps several nodes from doing it at once.</summary>
internal sealed partial class StandingRefresh(IStandingSink sink, EngineStart start, ILoopStore store, PulseTaker pulses, OutboxHealth health, TimeProvider time, IOptions<AlertingOptions> options, ILogger logger)
{
    private readonly Key _subject = Key.Create("source", "alerting/" + sink.Name);
    private readonly string _kind = "refresh:" + sink.Name;
    private bool _isPlanned;

    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!_isPlanned)
        {
            await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
            await store.CommitAsync(new StoreCommit { At = now, Due = [new DueChange { Subject = _subject, Kind = _kind, DueAt = now, Mode = DueMode.AddOnly }] }, cancellationToken).ConfigureAwait(false);
            _isPlanned = true;
        }
        var claims = await store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = sink.RefreshEvery, Kind = _kind, Limit = 1 }, cancellationToken).ConfigureAwait(false);
        if (claims.Count == 0) return false;
        // Before the sink is called: one that hangs is not asked by every node in turn.
        await store.CommitAsync(new StoreCommit { At = now, Due = [new DueChange { Subject = _subject, Kind = _kind, DueAt = now + sink.RefreshEvery, Token = claims[0].Token }] }, cancellationToken).ConfigureAwait(false);
        var firing = new List<IncidentNotice>();
        await foreach (var document in store.DocumentsAsync(DocumentNames.Incidents, cancellationToken).ConfigureAwait(false))
            if (IncidentTable.Read(document) is { State: IncidentState.Firing or IncidentState.Acknowledged, IsTold: true } incident && incident.Sent.GetValueOrDefault(sink.Name) > incident.EarlierNotices)
                firing.Add(NoticeWriter.Notice(incident, IncidentNoticeKind.Repeated, options.Value, now));
        try
        {
            await sink.RefreshAsync(firing, pulses.Take(now), cancellationToken).ConfigureAwait(false);
            health.Took(IncidentConsumer.Prefix + sink.Name);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            health.Failed(IncidentConsumer.Prefix + sink.Name, time.GetUtcNow(), $"{exception.GetType().Name}: {exception.Message}");
            LogFailed(logger, sink.Name, exception.Message);
        }
        return true;
    }

    [LoggerMessage(60, LogLevel.Warning, "{Sink} could not be told what fires: {Error}")]
    private static partial void LogFailed(ILogger logger, string sink, string error);
}
