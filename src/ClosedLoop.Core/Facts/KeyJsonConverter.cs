using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>Writes a <see cref="Key"/> as its text form.</summary>
internal sealed class KeyJsonConverter : JsonConverter<Key>
{
    public override Key Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Key.TryParse(reader.GetString(), out var key) ? key : throw new JsonException("expected a key such as pr:acme/web#12");

    public override void Write(Utf8JsonWriter writer, Key value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
