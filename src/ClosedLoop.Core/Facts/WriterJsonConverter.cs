using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>Writes a <see cref="Writer"/> as its text form.</summary>
internal sealed class WriterJsonConverter : JsonConverter<Writer>
{
    public override Writer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Writer.TryParse(reader.GetString(), out var writer) ? writer : throw new JsonException("expected a writer such as ci:jenkins");

    public override void Write(Utf8JsonWriter writer, Writer value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
