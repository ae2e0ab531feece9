using System.Text.Json;
using ClosedLoop.Alerting.Evaluation;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Outbox;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.Delivery;

/// <summary>
/// Hands notices to a sink in the order in which they were decided, and remembers what it was told: a notice that comes again after a crash
/// is not told again when the crash was later than that. What was to be repeated while the sink was away is told once.
/// </summary>
internal sealed class IncidentConsumer(IIncidentSink sink, ILoopStore store, TimeProvider time) : IOutboxConsumer
{
    /// <summary>Keeps the names of incident sinks apart from those of other sinks.</summary>
    public const string Prefix = "incident:";

    private const int MaxHandle = 2_000;

    public string Name => Prefix + sink.Name;

    // It waits for the sink, however long that is away; the incident of the sink itself tells of it.
    public int MaxAttempts => int.MaxValue;

    public TimeSpan LongestRetry => TimeSpan.FromMinutes(1);

    public async ValueTask TakeAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var (notice, previous) = JsonSerializer.Deserialize(message.Body, AlertingJson.Default.NoticeEnvelope) ?? throw new JsonException("the message is null");
        string name = DocumentNames.Delivery(sink.Name, notice.IncidentId);
        var stored = await store.DocumentAsync(name, cancellationToken).ConfigureAwait(false);
        var mark = stored is null ? null : JsonSerializer.Deserialize(stored.Body, AlertingJson.Default.DeliveryMark);
        int told = mark?.Number ?? 0;
        if (told >= notice.Number) return;
        if (told < previous) throw new OutboxOrderException($"notice {previous} of {notice.IncidentId} comes first");
        string? handle = mark?.Handle;
        if (!await IsOutdatedAsync(notice, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                handle = await sink.DeliverAsync(notice, handle, cancellationToken).ConfigureAwait(false);
            }
            catch (UndeliverableNoticeException exception)
            {
                // Those after it may be taken.
                await MarkAsync(name, new DeliveryMark(notice.Number, handle), stored, cancellationToken).ConfigureAwait(false);
                throw new UndeliverableException(exception.Message, exception);
            }
        }
        await MarkAsync(name, new DeliveryMark(notice.Number, handle?.Length > MaxHandle ? null : handle), stored, cancellationToken).ConfigureAwait(false);
    }

    // That it still fires was said for the time at which it was decided: what was decided later says more.
    private async ValueTask<bool> IsOutdatedAsync(IncidentNotice notice, CancellationToken cancellationToken)
    {
        if (notice.Kind is not (IncidentNoticeKind.Repeated or IncidentNoticeKind.Escalated or IncidentNoticeKind.Acknowledged)) return false;
        var stored = await store.DocumentAsync(DocumentNames.Incident(notice.IncidentId), cancellationToken).ConfigureAwait(false);
        return stored is not null && IncidentTable.Read(stored) is { } incident && incident.Sent.GetValueOrDefault(sink.Name) > notice.Number;
    }

    private async ValueTask MarkAsync(string name, DeliveryMark mark, StoredDocument? stored, CancellationToken cancellationToken)
    {
        var change = new DocumentChange(name, JsonSerializer.Serialize(mark, AlertingJson.Default.DeliveryMark), stored?.Version ?? 0);
        // A conflict: another node delivered the same notice while this one's lease ran out. Both have; at least once.
        await store.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Documents = [change] }, cancellationToken).ConfigureAwait(false);
    }
}
