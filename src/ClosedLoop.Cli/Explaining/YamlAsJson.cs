using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClosedLoop.Cli.Explaining;

/// <summary>Turns YAML into JSON by YAML's core schema: plain scalars are numbers, booleans or null where they look like it, quoted ones are text.</summary>
internal static class YamlAsJson
{
    private const int MaxDepth = 60;

    /// <summary>The objects and lists of a YAML file as JSON, or null when it holds none.</summary>
    public static List<ReadOnlyMemory<byte>>? Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(Encoding.UTF8.GetString(file.Span)));
            var documents = new List<ReadOnlyMemory<byte>>();
            foreach (var document in stream.Documents)
            {
                // A word alone is YAML, too, but it is no object of anybody's.
                if (document.RootNode is not (YamlMappingNode or YamlSequenceNode)) return null;
                using var buffer = new MemoryStream();
                using (var json = new Utf8JsonWriter(buffer)) Write(json, document.RootNode, 0);
                documents.Add(buffer.ToArray());
            }
            return documents;
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, YamlNode node, int depth)
    {
        if (depth > MaxDepth) throw new YamlException("nested too deeply");
        switch (node)
        {
            case YamlMappingNode mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.Children)
                {
                    json.WritePropertyName((key as YamlScalarNode)?.Value ?? throw new YamlException("a key is no text"));
                    Write(json, value, depth + 1);
                }
                json.WriteEndObject();
                break;
            case YamlSequenceNode sequence:
                json.WriteStartArray();
                foreach (var value in sequence.Children) Write(json, value, depth + 1);
                json.WriteEndArray();
                break;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: var plain }:
                WritePlain(json, plain);
                break;
            case YamlScalarNode scalar:
                json.WriteStringValue(scalar.Value);
                break;
            default:
                throw new YamlException("an alias");
        }
    }

    private static void WritePlain(Utf8JsonWriter json, string? plain)
    {
        if (plain is null or "" or "~" or "null") json.WriteNullValue();
        else if (plain is "true" or "false") json.WriteBooleanValue(plain == "true");
        else if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) json.WriteNumberValue(number);
        else json.WriteStringValue(plain);
    }
}
