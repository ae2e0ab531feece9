using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Export;

/// <summary>A week as <c>2026-W03</c>.</summary>
internal sealed class IsoWeekJsonConverter : JsonConverter<IsoWeek>
{
    public override IsoWeek Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override IsoWeek ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, IsoWeek value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, IsoWeek value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());

    private static IsoWeek Parse(string? text) =>
        text is { Length: 8 } && text.AsSpan(4, 2) is "-W" && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out int year) && int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int week)
            ? new IsoWeek(year, week)
            : throw new JsonException($"'{text}' is no ISO week; expected 2026-W03.");
}
