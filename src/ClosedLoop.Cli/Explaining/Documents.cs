using System.Text;
using System.Text.Json;

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
        var values = Values(file) ?? YamlAsJson.Read(file) ?? [];
        return values.Count == 0 ? [file] : [.. values.Select(BodyOf)];
    }

    /// <summary>The same as one JSON text: the document, or an array of them.</summary>
    public static ReadOnlyMemory<byte> AsOne(IReadOnlyList<ReadOnlyMemory<byte>> documents) =>
        documents is [var only] ? only : Encoding.UTF8.GetBytes($"[{string.Join(',', documents.Select(static d => Encoding.UTF8.GetString(d.Span)))}]");

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

    private static ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object && root.TryGetProperty("body", out var body)
                ? Encoding.UTF8.GetBytes(body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText())
                : document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return document;
        }
    }
}
