using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Adapters.Kubernetes.Explaining;
using YamlDotNet.Core;

namespace ClosedLoop.Cli.Explaining;

/// <summary>
/// Takes apart what people have at hand: one document, several one after the other (JSON lines), YAML as <c>kubectl get -o yaml</c> writes it, and
/// requests as a proxy recorded them (<c>{"headers": …, "body": …}</c>).
/// </summary>
internal static class Documents
{
    /// <summary>The documents of a file; a file of which nothing can be made is one document as it is.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> file)
    {
        var values = Values(file) ?? Yaml(file) ?? [];
        return values.Count == 0 ? [file] : [.. values.Select(BodyOf)];
    }

    private static List<ReadOnlyMemory<byte>>? Values(ReadOnlyMemory<byte> file)
    {
        var values = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(file.Span, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                int from = (int)reader.TokenStartIndex;
                reader.Skip();
                values.Add(file[from..(int)reader.BytesConsumed]);
            }
            return values;
        }
        catch (JsonException)
        {
            // curl -w appends the status to what it read.
            return values.Count > 0 && Encoding.UTF8.GetString(file.Span[(int)reader.BytesConsumed..]).Trim().StartsWith("HTTP ", StringComparison.Ordinal) ? values : null;
        }
    }

    // A word alone is YAML, too, but it is no object of anybody's.
    private static List<ReadOnlyMemory<byte>>? Yaml(ReadOnlyMemory<byte> file)
    {
        try
        {
            var documents = YamlObjects.Read(file).ToList();
            return documents.TrueForAll(static d => d.ValueKind is JsonValueKind.Object or JsonValueKind.Array) ? [.. documents.Select(static d => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(d.GetRawText()))] : null;
        }
        catch (Exception e) when (e is YamlException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            return json.RootElement.Member("headers") is { ValueKind: JsonValueKind.Object } && json.RootElement.Member("body") is { } body
                ? Encoding.UTF8.GetBytes(body.AsText() ?? body.GetRawText())
                : document;
        }
        catch (JsonException)
        {
            return document;
        }
    }
}
