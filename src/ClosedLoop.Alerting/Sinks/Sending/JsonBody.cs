using System.Buffers;
using System.Text.Json;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Writes JSON that is sent.</summary>
internal static class JsonBody
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A text member; an empty one is left out.</summary>
    public static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }
}
