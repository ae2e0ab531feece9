using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Posts incidents, signed.</summary>
internal sealed class IncidentWebhookSink(IncidentWebhookOptions options, SignedPost post) : IIncidentSink
{
    public string Name => options.Name;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        await post.SendAsync(notice.IdempotencyKey, IncidentWebhookBody.Write(notice, options), cancellationToken).ConfigureAwait(false);
        return null;
    }
}
