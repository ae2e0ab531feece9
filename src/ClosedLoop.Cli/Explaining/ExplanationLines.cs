using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Cli.Explaining;

/// <summary>An explanation as lines of JSON.</summary>
internal static class ExplanationLines
{
    private static readonly PipelineDefinition Default = new PipelineBuilder("default").UseDefaultGates().Build();

    // For a terminal, not for a page: names stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<string> Of(PayloadExplanation explanation)
    {
        foreach (var fact in explanation.Facts) yield return Line(json => Write(json, fact));
        foreach (string reason in explanation.Ignored) yield return Line(json => json.WriteString("ignored", reason));
        foreach (string diagnostic in explanation.Diagnostics) yield return Line(json => json.WriteString("diagnostic", diagnostic));
        yield return Line(json =>
        {
            json.WriteString("verdict", explanation.Verdict);
            foreach (var (name, value) in explanation.Summary) Write(json, name, value);
        });
    }

    private static void Write(Utf8JsonWriter json, Fact fact)
    {
        json.WriteString("gate", Default.Gates.FirstOrDefault(g => g.Name == fact.Kind || g.Signals.Contains(fact.Kind))?.Name);
        json.WriteString("subject", fact.Subject.ToString());
        json.WriteString("kind", fact.Kind);
        json.WriteString("writer", fact.Writer.ToString());
        json.WriteString("ordinal", fact.Ordinal.ToString());
        json.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(fact.Status.ToString()));
        json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(fact.Reason.ToString()));
        json.WriteString("occurredAt", fact.OccurredAt.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartArray("keys");
        foreach (var key in fact.Links) json.WriteStringValue(key.ToString());
        json.WriteEndArray();
        if (fact.Name is not null) json.WriteString("name", fact.Name);
        if (fact.Environment is not null) json.WriteString("environment", fact.Environment);
        if (fact.Revision is not null) json.WriteString("revision", fact.Revision);
        if (fact.Detail is not null) json.WriteString("detail", fact.Detail);
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case IEnumerable<string> texts:
                json.WriteStartArray(name);
                foreach (string text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                json.WriteString(name, $"{value}");
                break;
        }
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
