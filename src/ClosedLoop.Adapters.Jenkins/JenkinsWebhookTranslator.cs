using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Reads the notification plugin's JSON, the CloudEvents plugin's, and this adapter's own generic form. Either is also a hint to read the build: a notification
/// often names no commit, and may come before the build has ended.
/// </summary>
internal sealed class JenkinsWebhookTranslator(JenkinsSettings settings) : IWebhookTranslator
{
    private const string Expected = "expected a JSON object of the notification plugin (with build.full_url), of the CloudEvents plugin or of the generic webhook (with job and number)";

    private readonly BuildFacts _facts = new(settings);

    public Translation Translate(in WebhookDelivery delivery)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(delivery.Body);
        }
        catch (JsonException)
        {
            return Translation.Malformed("build", $"{Expected}; the body is not JSON: set the notification's format to JSON");
        }
        using (document)
        {
            var root = document.RootElement;
            if (JenkinsCloudEvent.Of(delivery, root) is { } cloudEvent)
                return Translate(cloudEvent.Read(settings), delivery.ReceivedAt) with { DeliveryId = cloudEvent.Id };
            if (root.Member("build") is { ValueKind: JsonValueKind.Object } build) return Translate(NotificationPayload.Read(build, settings), delivery.ReceivedAt);
            if (root.Member("job") is not null) return Translate(GenericPayload.Read(root, settings), delivery.ReceivedAt);
            return Translation.Malformed("build", Expected);
        }
    }

    private Translation Translate(ReportedBuild report, DateTimeOffset receivedAt)
    {
        if (report.Malformed is { } problem) return Translation.Malformed(report.Event, problem);
        if (report.Ignored is { } reason) return Translation.Ignored(report.Event, reason);
        var diagnostics = new List<string>(report.Diagnostics);
        var facts = report.Reading is { } reading ? [_facts.State(reading, receivedAt, diagnostics)] : Array.Empty<Facts.Fact>();
        return Translation.Of(report.Event, facts) with { Hints = [report.QueueItem is { } item ? settings.QueueKey(item) : settings.BuildKey(report.Job!, report.Number)], Diagnostics = [.. diagnostics] };
    }
}
