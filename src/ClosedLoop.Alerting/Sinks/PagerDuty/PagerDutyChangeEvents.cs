using ClosedLoop.Alerting.Delivery;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Sends change events to PagerDuty, which shows them beside incidents and notifies nobody. Safe from several threads.</summary>
public sealed class PagerDutyChangeEvents
{
    private readonly PagerDutyOptions _options;
    private readonly PagerDutyPost _post;

    internal PagerDutyChangeEvents(PagerDutyOptions options, SinkPost post) => (_options, _post) = (options, new PagerDutyPost(options.Endpoint, post));

    /// <summary>Sends one change. PagerDuty does not tell repetitions.</summary>
    /// <exception cref="UndeliverableNoticeException">PagerDuty calls it or the key invalid: trying again is useless.</exception>
    /// <exception cref="HttpRequestException">It was not taken; try again later.</exception>
    public ValueTask SendAsync(PagerDutyChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _post.SendAsync("v2/change/enqueue", Write(change), cancellationToken);
    }

    private byte[] Write(PagerDutyChange change) => JsonBody.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("routing_key", _options.RoutingKey);
        json.WriteStartObject("payload");
        json.WriteString("summary", SafeText.Line(change.Summary, 1_024));
        json.WriteString("timestamp", change.At.UtcDateTime);
        json.WriteString("source", SafeText.Line(change.Source, 255));
        json.WriteStartObject("custom_details");
        json.Text("item", SafeText.Line(change.ItemId, 200));
        json.Text("gate", SafeText.Line(change.Gate, 200));
        json.Text("revision", SafeText.Line(change.Revision, 200));
        json.WriteEndObject();
        json.WriteEndObject();
        if (IncidentText.WebLink(change.Evidence) is { } evidence) PagerDutyEvent.Link(json, evidence, "Evidence");
        json.WriteEndObject();
    });
}
