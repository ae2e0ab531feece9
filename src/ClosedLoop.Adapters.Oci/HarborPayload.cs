using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>Reads Harbor's webhooks: its default format, and CloudEvents whose data is the same.</summary>
internal static class HarborPayload
{
    private const string Pushed = "PUSH_ARTIFACT", PushedCloudEvent = "harbor.artifact.pushed";
    private const int MaxResources = 1000;

    // Before the first Harbor and after the last one: a number that is no time.
    private const long MinSeconds = 1_400_000_000, MaxSeconds = 32_503_680_000;

    public static bool IsOne(JsonElement root) =>
        root.Member("event_data") is not null || (root.Text("specversion") is not null && root.Text("type")?.StartsWith("harbor.", StringComparison.Ordinal) == true);

    public static PushReading Read(JsonElement root)
    {
        bool isCloudEvent = root.Text("specversion") is not null;
        string type = root.Text("type") ?? "";
        // The default format has no id: its bytes identify it.
        string? id = isCloudEvent ? root.Text("id") : null;
        var reading = new PushReading(type is Pushed or PushedCloudEvent ? "push" : "other") { DeliveryId = id is { Length: > 0 and <= 200 } && !id.Any(char.IsControl) ? id : null };
        if (type.Length == 0) reading.Problems.Add("an event of Harbor needs a type");
        else if (type is not (Pushed or PushedCloudEvent)) reading.Ignored.Add($"type {SourceText.Quote(type)} makes no image");
        else if (root.Member(isCloudEvent ? "data" : "event_data") is not { ValueKind: JsonValueKind.Object } data) reading.Problems.Add($"{type} needs {(isCloudEvent ? "data" : "event_data")}");
        else Read(data, isCloudEvent ? root.Time("time") : Seconds(root), reading);
        return reading;
    }

    private static void Read(JsonElement data, DateTimeOffset? at, PushReading reading)
    {
        string? repository = data.Text("repository", "repo_full_name");
        foreach (var resource in data.Elements("resources").Take(MaxResources))
            reading.Add("push", repository, resource.Text("digest"), resource.Text("tag") is { Length: > 0 } tag ? tag : null, at);
        if (reading.Images.Count == 0 && reading.Problems.Count == 0 && reading.Ignored.Count == 0) reading.Problems.Add("a push needs resources with a digest");
    }

    private static DateTimeOffset? Seconds(JsonElement root) =>
        root.Number("occur_at") is { } seconds and >= MinSeconds and <= MaxSeconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
