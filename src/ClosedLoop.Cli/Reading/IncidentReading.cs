using System.Text.Json;

namespace ClosedLoop.Cli.Reading;

/// <summary>Reads open incidents, as the store keeps them and as the API gives them: the same members, in either spelling.</summary>
internal static class IncidentReading
{
    /// <summary>The incident; null when it is resolved, or is none.</summary>
    public static IncidentLine? Of(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "id") is not { } id) return null;
        string state = Text(json, "state") ?? "Firing";
        if (state.Equals("resolved", StringComparison.OrdinalIgnoreCase)) return null;
        return new IncidentLine
        {
            Id = id,
            Cause = Text(json, "cause") ?? id,
            State = JsonNamingPolicy.CamelCase.ConvertName(state),
            Severity = JsonNamingPolicy.CamelCase.ConvertName(Text(json, "severity") ?? "warning"),
            Title = Text(json, "title") ?? "",
            Summary = Text(json, "summary") ?? "",
            NextAction = Text(json, "nextAction") ?? "",
            Since = Member(json, "since") is { } since && since.TryGetDateTimeOffset(out var at) ? at : default,
            Count = Member(json, "count") is { ValueKind: JsonValueKind.Number } count ? count.GetInt32() : 0,
            Items = Member(json, "items") is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray().Select(static i => i.ValueKind == JsonValueKind.String ? i.GetString() : Text(i, "id")).OfType<string>()] : [],
            Owner = Text(json, "owner"),
        };
    }

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Member(JsonElement json, string name)
    {
        foreach (var member in json.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        return null;
    }
}
