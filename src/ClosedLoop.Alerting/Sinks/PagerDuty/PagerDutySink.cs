using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Pages through PagerDuty's Events API v2. A repetition is a trigger with the same key, which PagerDuty adds to the open alert.</summary>
internal sealed class PagerDutySink(PagerDutyOptions options, SinkPost post) : IIncidentSink
{
    private readonly PagerDutyPost _post = new(options.Endpoint, post);

    public string Name => options.Name;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        await _post.SendAsync("v2/enqueue", PagerDutyEvent.Write(notice, options), cancellationToken).ConfigureAwait(false);
        return null;
    }
}
