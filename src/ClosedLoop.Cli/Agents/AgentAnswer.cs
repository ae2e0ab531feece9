using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ClosedLoop.Cli.Showing;

namespace ClosedLoop.Cli.Agents;

/// <summary>
/// An answer for a model: one JSON object of a bounded length. What others wrote is in it as quoted strings, cut and without characters
/// that cannot be seen, so that a title stays data.
/// </summary>
internal sealed class AgentAnswer
{
    /// <summary>The most characters of an answer.</summary>
    public const int MaxLength = 2_000;

    // Letters of all alphabets stay readable; quotes, angle brackets and control characters are escaped.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly List<(string Name, object? Value)> _members = [];

    public AgentAnswer Add(string name, string? text, int maxLength = 200)
    {
        _members.Add((name, text is null ? null : Plain.Line(text, maxLength)));
        return this;
    }

    public AgentAnswer Add(string name, bool value)
    {
        _members.Add((name, value));
        return this;
    }

    public AgentAnswer Add(string name, int value)
    {
        _members.Add((name, value));
        return this;
    }

    public AgentAnswer Add(string name, DateTimeOffset? at)
    {
        _members.Add((name, at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)));
        return this;
    }

    public AgentAnswer Add(string name, IEnumerable<string> texts, int maxLength = 60)
    {
        _members.Add((name, texts.Select(t => Plain.Line(t, maxLength)).ToList()));
        return this;
    }

    public AgentAnswer Add(string name, IEnumerable<AgentAnswer> answers)
    {
        _members.Add((name, answers.ToList()));
        return this;
    }

    public string Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable)) Write(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in _members)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case List<string> texts:
                    json.WriteStartArray();
                    foreach (string text in texts) json.WriteStringValue(text);
                    json.WriteEndArray();
                    break;
                case List<AgentAnswer> answers:
                    json.WriteStartArray();
                    foreach (var answer in answers) answer.Write(json);
                    json.WriteEndArray();
                    break;
                default:
                    json.WriteStringValue((string)value);
                    break;
            }
        }
        json.WriteEndObject();
    }
}
