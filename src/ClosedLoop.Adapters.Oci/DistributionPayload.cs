using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// Reads the notifications of the distribution registry: <c>application/vnd.docker.distribution.events.v1+json</c> (as 2.8 sends them), <c>v2+json</c> and plain
/// JSON have one form. Only pushes of manifests and indexes say that an image is there; blobs, mounts, pulls and deletions do not, and a pull is what our
/// own reading causes.
/// </summary>
internal static class DistributionPayload
{
    private const int MaxEvents = 1000;
    private const int MaxNamed = 20;

    public static bool IsOne(JsonElement root) => root.Member("events") is { ValueKind: JsonValueKind.Array };

    public static PushReading Read(JsonElement root)
    {
        var events = root.Elements("events").Take(MaxEvents + 1).ToList();
        // Our own deduplication rests on the id; several events in one envelope have none in common.
        string? id = events.Count == 1 ? events[0].Text("id") : null;
        var reading = new PushReading("notification") { DeliveryId = id is { Length: > 0 and <= 200 } && !id.Any(char.IsControl) ? id : null };
        if (events.Count > MaxEvents) reading.Problems.Add($"more than {MaxEvents} events in one notification; the rest is left to the probe");
        foreach (var @event in events.Take(MaxEvents)) Read(@event, reading);
        if (events.Count == 0) reading.Ignored.Add("a notification without events");
        return reading;
    }

    private static void Read(JsonElement @event, PushReading reading)
    {
        string? action = @event.Text("action"), type = @event.Text("target", "mediaType");
        if (action is null) reading.Problems.Add("an event needs an action");
        else if (action != "push") Ignore(reading, $"action {SourceText.Quote(action)} makes no image");
        else if (!MediaTypes.IsManifest(type)) Ignore(reading, $"push of {SourceText.Quote(type ?? "")}, which is no manifest or index");
        else if (IsAttachment(@event)) Ignore(reading, "push of a signature, attestation or other artifact that is no image");
        else if (@event.Member("target") is { } target) reading.Add("push", target.Text("repository"), target.Text("digest"), target.Text("tag"), @event.Time("timestamp"));
    }

    // With includereferences the notification lists what the manifest is made of.
    private static bool IsAttachment(JsonElement @event)
    {
        if (@event.Member("target") is not { } target || MediaTypes.IsIndex(target.Text("mediaType"))) return false;
        var references = target.Elements("references").Take(MaxEvents).Select(static r => r.Text("mediaType")).ToList();
        return references.Count > 0 && (references.Any(MediaTypes.IsAttachment) || !references.Any(MediaTypes.IsImageConfig));
    }

    private static void Ignore(PushReading reading, string reason)
    {
        if (reading.Ignored.Count < MaxNamed) reading.Ignored.Add(reason);
    }
}
