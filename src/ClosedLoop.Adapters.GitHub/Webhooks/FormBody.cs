namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Reads the JSON out of a form, the other content type that a hook can be set to.</summary>
internal static class FormBody
{
    /// <summary>The bytes of the field <c>payload</c>, or null. Decoded as bytes, so that no character is changed on the way.</summary>
    public static ReadOnlyMemory<byte>? Payload(ReadOnlySpan<byte> body)
    {
        foreach (var range in body.Split((byte)'&'))
        {
            var field = body[range];
            if (!field.StartsWith("payload="u8)) continue;
            return Decode(field["payload=".Length..]);
        }
        return null;
    }

    private static ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> text)
    {
        byte[] decoded = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte value = text[i];
            if (value == '+') value = (byte)' ';
            else if (value == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                value = (byte)((Digit(text[i + 1]) << 4) | Digit(text[i + 2]));
                i += 2;
            }
            decoded[length++] = value;
        }
        return decoded.AsMemory(0, length);
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
