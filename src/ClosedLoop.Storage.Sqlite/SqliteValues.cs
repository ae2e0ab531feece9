using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>How values of the contract look in SQLite.</summary>
internal static class SqliteValues
{
    // Nothing reads these arrays but json_each.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static long Ticks(DateTimeOffset instant) => instant.UtcTicks;

    public static long? Ticks(DateTimeOffset? instant) => instant?.UtcTicks;

    public static long Flag(bool value) => value ? 1L : 0L;

    /// <summary>A set of texts as one parameter: a JSON array for json_each, so that the statement stays the same for any count.</summary>
    public static SqlValue Array(IEnumerable<string> values) => Json(writer =>
    {
        foreach (string value in values) writer.WriteStringValue(value);
    });

    /// <summary>As <see cref="Array"/>, of pairs.</summary>
    public static SqlValue Pairs(IEnumerable<(string First, string Second)> pairs) => Json(writer =>
    {
        foreach (var (first, second) in pairs)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(first);
            writer.WriteStringValue(second);
            writer.WriteEndArray();
        }
    });

    private static SqlValue Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartArray();
            write(writer);
            writer.WriteEndArray();
        }
        return SqlValue.Utf8(buffer.WrittenMemory);
    }

    /// <summary>As SQLite's lower(): only ASCII letters.</summary>
    public static string LowerAscii(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        });
}
