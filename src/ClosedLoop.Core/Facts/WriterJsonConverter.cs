using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>Writes a <see cref="Writer"/> as its text form.</summary>
internal sealed class WriterJsonConverter : JsonConverter<Writer>
{
    public override Writer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Writer.TryParse(reader.GetString(), out var writer) ? writer : throw new JsonException("expected a writer such as ci:jenkins");

    public override void Write(Utf8JsonWriter writer, Writer value, JsonSerializerOptions options)
    {
        // Every fact and most gates have one: no text of its own for each.
        Span<char> text = stackalloc char[Writer.MaxLength];
        if (text.TryWrite($"{value.Role}:{value.Name}", out int length)) writer.WriteStringValue(text[..length]);
        else writer.WriteStringValue(value.ToString());
    }
}
