using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace ClosedLoop.Insights.Export;

/// <summary>A duration as ISO 8601 writes it: <c>PT1H30M</c>.</summary>
internal sealed class IsoDurationJsonConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return XmlConvert.ToTimeSpan(reader.GetString() ?? "");
        }
        catch (FormatException exception)
        {
            throw new JsonException("Not an ISO 8601 duration; expected PT1H30M.", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
}
