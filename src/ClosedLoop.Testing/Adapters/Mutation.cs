using System.Text;

namespace ClosedLoop.Testing.Adapters;

/// <summary>Makes bodies that no sender would send out of those that they do send.</summary>
internal static class Mutation
{
    // Values of another type, size or meaning than the one that stood there.
    private static readonly string[] Values = ["null", "true", "-1", "0", "1e400", "9223372036854775808", "\"\"", "[]", "{}", "[[[[]]]]", "\"\\ud800\"", "\"\\u0000\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"../../x\"", "\"constructor\""];

    /// <summary>A body with other bytes, or with another value somewhere in its JSON.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> body, Random random) => random.Next(2) == 0 ? WithOtherBytes(body, random) : WithOtherValue(body, random);

    private static byte[] WithOtherBytes(ReadOnlyMemory<byte> body, Random random)
    {
        byte[] changed = body.ToArray();
        for (int i = random.Next(1, 4); i > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? changed[..random.Next(changed.Length)] : changed;
    }

    // Puts a value where another one stood after a colon.
    private static byte[] WithOtherValue(ReadOnlyMemory<byte> body, Random random)
    {
        string text = Encoding.UTF8.GetString(body.Span);
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':' && i + 1 < text.Length && text[i - 1] == '"').ToList();
        if (colons.Count == 0) return body.ToArray();
        int from = colons[random.Next(colons.Count)] + 1, to = from;
        bool quoted = false;
        for (int depth = 0; to < text.Length; to++)
        {
            char c = text[to];
            if (c == '"' && text[to - 1] != '\\') quoted = !quoted;
            else if (!quoted && c is '{' or '[') depth++;
            else if (!quoted && c is '}' or ']' && --depth < 0) break;
            else if (!quoted && depth == 0 && c == ',') break;
        }
        return Encoding.UTF8.GetBytes(text[..from] + Values[random.Next(Values.Length)] + text[to..]);
    }
}
