using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// One event of the CloudEvents plugin, in binary mode (headers <c>ce-*</c>, the body is the data) or structured mode (the body is the event).
/// </summary>
/// <remarks>
/// Its data is that of the notification plugin in camel case, with <c>scmState</c> for <c>scm</c>. Its README writes <c>finalzed</c> where its code writes
/// <c>finalized</c>. Source: the plugin's Stage, JobModel, BuildModel and QueueModel.
/// </remarks>
internal sealed record JenkinsCloudEvent(string Type, string? Id, JsonElement Data)
{
    private const string Jobs = "org.jenkinsci.job.", Queue = "org.jenkinsci.queue.";
    private const int MaxIdLength = 200;

    /// <summary>Takes the event out of a delivery, or null when it is none of Jenkins'.</summary>
    public static JenkinsCloudEvent? Of(in WebhookDelivery delivery, JsonElement body)
    {
        if (IsJenkins(delivery.Header("ce-type"))) return new JenkinsCloudEvent(delivery.Header("ce-type")!, IdOf(delivery.Header("ce-source"), delivery.Header("ce-id")), body);
        return IsJenkins(body.Text("type")) && body.Text("specversion") is not null
            ? new JenkinsCloudEvent(body.Text("type")!, IdOf(body.Text("source"), body.Text("id")), body.Member("data") ?? default)
            : null;
    }

    public ReportedBuild Read(JenkinsSettings settings)
    {
        if (Type.StartsWith(Queue, StringComparison.Ordinal)) return ReadQueue(settings);
        string? phase = Type[Jobs.Length..] switch
        {
            "started" => "STARTED",
            "completed" => "COMPLETED",
            "finalized" or "finalzed" or "failed" => "FINALIZED",
            _ => null,
        };
        if (phase is null) return new ReportedBuild("job") { Ignored = $"the event {SourceText.Quote(Type)} says nothing of a build" };
        return Data.Member("build") is { ValueKind: JsonValueKind.Object } build
            ? NotificationPayload.Read(build, settings, phase)
            : new ReportedBuild("build") { Malformed = "expected data with build.fullUrl, as the CloudEvents plugin sends it" };
    }

    // It names its job by the display name alone, so that the item has to be read to know whose it is.
    private ReportedBuild ReadQueue(JenkinsSettings settings)
    {
        var report = new ReportedBuild(Type[Queue.Length..] switch { "entered_waiting" => "queue.entered_waiting", "left" => "queue.left", _ => "queue" });
        if (Data.Number("jenkinsQueueId") is not { } id || id <= 0) return report with { Malformed = "expected jenkinsQueueId, the id of the item of the queue" };
        string? name = Data.Text("displayName");
        return name is not null && settings.Projects.IsEmpty && !settings.Jobs.Any(j => j.Name == name || j.Name.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase))
            ? report with { Ignored = $"no job of Jenkins:Jobs is called {SourceText.Quote(name)}" }
            : report with { QueueItem = id };
    }

    private static bool IsJenkins(string? type) =>
        type is { Length: <= MaxIdLength } && (type.StartsWith(Jobs, StringComparison.Ordinal) || type.StartsWith(Queue, StringComparison.Ordinal));

    private static string? IdOf(string? source, string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && source is { Length: <= MaxIdLength } ? $"{source} {id}" : null;
}
