using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>Reads fields that may be missing, null or of another type: all three are "not there".</summary>
internal static class JsonFields
{
    public static JsonElement Field(this JsonElement element, string name) => element.Member(name) ?? default;

    public static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    /// <summary>A text that is not empty, or null.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Field(name).AsText() is { Length: > 0 } text ? text : null;

    public static long? Long(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    public static bool? Flag(this JsonElement element, string name) => element.Field(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>An instant, as ISO text or, where GitHub writes it so, as Unix seconds.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name)
    {
        var value = element.Field(name);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long seconds) && seconds is > 0 and < 253_402_300_800)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        return value.AsText() is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
    {
        var value = element.Field(name);
        if (value.ValueKind != JsonValueKind.Array) yield break;
        foreach (var item in value.EnumerateArray()) yield return item;
    }
}
