namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>Reads a signing token of Standard Webhooks: <c>whsec_</c> and base64.</summary>
internal static class SigningKey
{
    public const string Prefix = "whsec_";
    public const int MinBytes = 16;

    /// <summary>The key's bytes, or null when the text is no such token or too short.</summary>
    public static byte[]? Read(string token)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || token.Length > 1024) return null;
        byte[] bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token[Prefix.Length..], bytes, out int length) && length >= MinBytes ? bytes[..length] : null;
    }
}
