using System.Text;
using System.Text.Json;

namespace ClosedLoop.Adapters.Health;

/// <summary>Reads one text out of a body: a member of JSON, or all of it.</summary>
internal static class BodyText
{
    /// <summary>The text at a path of names with dots, or of the whole body without one; null when there is none.</summary>
    public static string? Read(ReadOnlyMemory<byte> body, string? path)
    {
        if (path is null)
        {
            try
            {
                return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Span).Trim();
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement? found = document.RootElement;
            foreach (string name in path.Split('.')) found = found?.Member(name);
            return found is { } value ? value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number ? value.GetRawText() : value.AsText() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
