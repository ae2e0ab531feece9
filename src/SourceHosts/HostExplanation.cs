using System.Text.Json;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>Explains one JSON value or an array of them: a webhook as its translator does, an object of the API as its reader does.</summary>
internal sealed class HostExplanation
{
    private const int MaxElements = 10_000;

    private readonly Harvest _harvest = new();
    private readonly List<string> _ignored = [];

    /// <summary>Says which event a value is a webhook of, or null when it is none.</summary>
    public required Func<JsonElement, string?> EventOf { get; init; }

    /// <summary>Translates a webhook of an event.</summary>
    public required Func<JsonElement, string, Translation> Translate { get; init; }

    /// <summary>Says what kind of object of the API a value is; empty when it is none that is known.</summary>
    public required Func<JsonElement, string> KindOf { get; init; }

    /// <summary>Reads an object of a kind; says why it says nothing, or null.</summary>
    public required Func<JsonElement, string, Harvest, string?> Read { get; init; }

    public PayloadExplanation Explain(ReadOnlyMemory<byte> input, int maxBytes)
    {
        if (input.Length > maxBytes) return Nothing($"the input is larger than {maxBytes} bytes");
        try
        {
            using var document = JsonDocument.Parse(input);
            var root = document.RootElement;
            if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return Nothing("the input is not a JSON object or array");
            if (root.ValueKind == JsonValueKind.Object) ExplainOne(root, "");
            else foreach (var (index, element) in root.EnumerateArray().Take(MaxElements).Index()) ExplainOne(element, $"[{index}]: ");
        }
        catch (JsonException error)
        {
            return Nothing($"the input is not valid JSON: {error.Message}");
        }
        return PayloadExplanation.Of(_harvest.Facts) with { Ignored = [.. _ignored], Diagnostics = [.. _harvest.Diagnostics] };
    }

    /// <summary>The reason for an object without a field that it needs, or null when it has it.</summary>
    public static string? Missing(string? field) => field is null ? null : $"malformed: {field} is missing or not of its documented form";

    private void ExplainOne(JsonElement element, string where)
    {
        try
        {
            if (element.ValueKind != JsonValueKind.Object) _ignored.Add($"{where}not a JSON object");
            else if (EventOf(element) is { } name) ExplainWebhook(Translate(element, name), where);
            else ExplainObject(element, where);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            _ignored.Add($"{where}a value cannot be read: text that no key can hold");
        }
    }

    private void ExplainWebhook(Translation translation, string where)
    {
        var one = PayloadExplanation.Of(translation);
        _harvest.Facts.AddRange(one.Facts);
        _harvest.Diagnostics.AddRange(one.Diagnostics);
        _ignored.AddRange(one.Ignored.Select(reason => where + reason));
        if (one.Facts.IsEmpty && one.Ignored.IsEmpty) _ignored.Add($"{where}{translation.Event}: no fact of its own; {string.Join(", ", translation.Hints)} is read again");
    }

    private void ExplainObject(JsonElement element, string where)
    {
        string kind = KindOf(element);
        int before = _harvest.Facts.Count;
        _harvest.Nothing = null;
        string? reason = Read(element, kind, _harvest);
        reason ??= _harvest.Facts.Count == before ? _harvest.Nothing ?? "it says nothing of a gate" : null;
        if (reason is not null) _ignored.Add(where + (kind.Length > 0 ? $"{kind}: " : "") + reason);
    }

    private static PayloadExplanation Nothing(string reason) => new() { Ignored = [reason] };
}
