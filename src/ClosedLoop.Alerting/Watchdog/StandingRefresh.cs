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
    private readonly DueTurn _turn = new(start, store, Key.Create("source", "alerting/" + sink.Name), "refresh:" + sink.Name);

    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await _turn.TakeAsync(now, sink.RefreshEvery, cancellationToken).ConfigureAwait(false) is not { } claim) return false;
        // Before the sink is called: one that hangs is not asked by every node in turn.
        await store.CommitAsync(new StoreCommit { At = now, Due = [_turn.Next(claim, now + sink.RefreshEvery)] }, cancellationToken).ConfigureAwait(false);
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
