using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ClosedLoop.Adapters.Kubernetes.Explaining;

/// <summary>
/// Reads YAML documents as JSON, as the API's own tools do: plain <c>true</c>, <c>3</c> and <c>null</c> are no texts, quoted ones are. It goes through the
/// parser's events, so that nothing recurses, and takes no aliases, so that a short text stays small.
/// </summary>
internal static class YamlObjects
{
    private const int MaxDepth = 60;
    private const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Reads every document.</summary>
    /// <exception cref="YamlException">It is no YAML, has aliases or keys that are no texts, or is too deep or too large.</exception>
    public static IEnumerable<JsonElement> Read(ReadOnlyMemory<byte> input)
    {
        var parser = new Parser(new StringReader(Encoding.UTF8.GetString(input.Span)));
        while (parser.MoveNext())
            if (parser.Current is DocumentStart)
                yield return Document(parser);
    }

    private static JsonElement Document(Parser parser)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            // For each open mapping or sequence: whether a key comes next.
            var open = new Stack<(bool IsMapping, bool IsKey)>();
            bool isEmpty = true;
            while (parser.MoveNext() && parser.Current is not DocumentEnd)
            {
                isEmpty = false;
                Write(writer, parser.Current!, open);
                if (open.Count > MaxDepth || writer.BytesCommitted + writer.BytesPending > MaxBytes) throw Refused(parser.Current!, "too deep or too large");
            }
            if (isEmpty) writer.WriteNullValue();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, ParsingEvent current, Stack<(bool IsMapping, bool IsKey)> open)
    {
        bool isKey = open.Count > 0 && open.Peek() is { IsMapping: true, IsKey: true };
        switch (current)
        {
            case Scalar scalar when isKey:
                Turn(open);
                writer.WritePropertyName(scalar.Value);
                return;
            case MappingEnd:
                writer.WriteEndObject();
                open.Pop();
                return;
            case SequenceEnd:
                writer.WriteEndArray();
                open.Pop();
                return;
            case Scalar scalar:
                Turn(open);
                WriteScalar(writer, scalar);
                return;
            case MappingStart when !isKey:
                Turn(open);
                open.Push((true, true));
                writer.WriteStartObject();
                return;
            case SequenceStart when !isKey:
                Turn(open);
                open.Push((false, false));
                writer.WriteStartArray();
                return;
            case Comment:
                return;
            default:
                throw Refused(current, current is AnchorAlias ? "an alias" : "a key that is no text");
        }
    }

    private static void Turn(Stack<(bool IsMapping, bool IsKey)> open)
    {
        if (open.TryPop(out var top)) open.Push((top.IsMapping, top.IsMapping && !top.IsKey));
    }

    private static void WriteScalar(Utf8JsonWriter writer, Scalar scalar)
    {
        string text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain) writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL") writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE") writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE") writer.WriteBooleanValue(false);
        else if (IsInteger(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) writer.WriteNumberValue(number);
        else if (text.Contains('.', StringComparison.Ordinal) && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real)) writer.WriteNumberValue(real);
        else writer.WriteStringValue(text);
    }

    private static bool IsInteger(string text)
    {
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        return digits is "0" || (digits.Length > 0 && digits[0] != '0' && !digits.ContainsAnyExceptInRange('0', '9'));
    }

    private static YamlException Refused(ParsingEvent at, string what) => new(at.Start, at.End, what);
}
