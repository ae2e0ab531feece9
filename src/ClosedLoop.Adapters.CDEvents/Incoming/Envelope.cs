using System.Text.Json;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>
/// Takes the events out of the CloudEvents HTTP binding: structured, binary, a batch, or the bare event. What counts is the event in the body, which a
/// signature covers; attributes around it have to say the same.
/// </summary>
internal static class Envelope
{
    /// <summary>The most events of one batch.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>Reads the events, each with its problem when it is none.</summary>
    public static IEnumerable<(CDEvent? Event, string Problem)> Read(JsonElement root, WebhookDelivery delivery)
    {
        if (root.ValueKind == JsonValueKind.Array) return root.GetArrayLength() > MaxEvents ? [(null, $"a batch holds at most {MaxEvents} events")] : root.EnumerateArray().Select(static e => One(e));
        return [IsStructured(root) ? One(root) : Binary(root, delivery)];
    }

    private static bool IsStructured(JsonElement root) => root.Text("specversion") is not null;

    private static (CDEvent? Event, string Problem) One(JsonElement element)
    {
        // Lists of bare events come from files.
        if (!IsStructured(element)) return Bare(element);
        if (!element.Text("specversion")!.StartsWith("1.", StringComparison.Ordinal)) return (null, "expected CloudEvents 1.x: specversion");
        var data = element.Member("data");
        if (data is null && element.Text("data_base64") is { } encoded) data = Decode(encoded);
        if (data is not { ValueKind: JsonValueKind.Object } body) return (null, "expected data, the whole CDEvent as a JSON object");
        var read = Bare(body);
        return read.Event is { } found && Differs(found, element.Text("id"), element.Text("source"), element.Text("type")) is { } attribute
            ? (null, $"the CloudEvent's {attribute} is not that of the CDEvent in it")
            : read;
    }

    private static (CDEvent? Event, string Problem) Binary(JsonElement root, in WebhookDelivery delivery)
    {
        if (delivery.Header("ce-specversion") is { } version && !version.StartsWith("1.", StringComparison.Ordinal)) return (null, "expected CloudEvents 1.x: ce-specversion");
        var read = Bare(root);
        return read.Event is { } found && Differs(found, Decoded(delivery.Header("ce-id")), Decoded(delivery.Header("ce-source")), Decoded(delivery.Header("ce-type"))) is { } attribute
            ? (null, $"the header ce-{attribute} is not that of the CDEvent in the body")
            : read;
    }

    private static (CDEvent? Event, string Problem) Bare(JsonElement element)
    {
        var read = CDEvent.Read(element, out string problem);
        return (read, problem);
    }

    private static string? Differs(CDEvent found, string? id, string? source, string? type) =>
        id is not null && id != found.Id ? "id" : source is not null && source != found.Source ? "source" : type is not null && type != found.TypeText ? "type" : null;

    // The HTTP binding percent-encodes what a header cannot hold.
    private static string? Decoded(string? header) => header is null ? null : Uri.UnescapeDataString(header);

    private static JsonElement? Decode(string encoded)
    {
        byte[] bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out int length)) return null;
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
