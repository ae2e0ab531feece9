using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Adapters;

/// <summary>
/// Reads what a source sent and what may not be there: a missing member, a null and a value of another type all read as nothing. Sources
/// change their payloads, and an adapter that throws for a new value stops at it.
/// </summary>
public static class JsonElementExtensions
{
    /// <summary>A member of an object, or null when it is missing or null.</summary>
    public static JsonElement? Member(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Another member's name begins like this one and goes on with half a surrogate pair, which JSON's grammar lets through.
            return null;
        }
    }

    /// <summary>A member of a member, and so on.</summary>
    public static JsonElement? Member(this JsonElement element, string name, params ReadOnlySpan<string> path)
    {
        var found = element.Member(name);
        foreach (string next in path) found = found?.Member(next);
        return found;
    }

    /// <summary>A text, or null.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name)?.AsText();

    /// <summary>A text further in, or null.</summary>
    public static string? Text(this JsonElement element, string name, params ReadOnlySpan<string> path) => element.Member(name, path)?.AsText();

    /// <summary>A whole number that fits into 64 bits, or null.</summary>
    public static long? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>True or false, or null.</summary>
    public static bool? Flag(this JsonElement element, string name) => element.Member(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A time with its zone in ISO 8601, to 100 ns (further digits are cut off), or null.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name)
    {
        if (element.Text(name) is not { Length: >= 10 and <= 64 } text || text.IndexOf('T', StringComparison.OrdinalIgnoreCase) < 0) return null;
        return DateTimeOffset.TryParse(WithSevenDigits(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
    }

    /// <summary>The elements of an array; none when it is missing or something else.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The text of a value, or null when it is none.</summary>
    public static string? AsText(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON allows the escape, a string does not.
            return null;
        }
    }

    // Go writes up to nine digits.
    private static string WithSevenDigits(string text)
    {
        int dot = text.LastIndexOf('.');
        if (dot < 0) return text;
        int end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - dot - 1 <= 7 ? text : text[..(dot + 8)] + text[end..];
    }
}
