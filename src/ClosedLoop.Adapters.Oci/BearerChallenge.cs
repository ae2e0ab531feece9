using System.Net.Http.Headers;

namespace ClosedLoop.Adapters.Oci;

/// <summary>What a registry asks for with 401: a token of a token server, or a password.</summary>
internal sealed record BearerChallenge(bool IsBasic, Uri? Realm, string? Service)
{
    private const int MaxLength = 4000;

    public static BearerChallenge? Read(HttpResponseHeaders? headers)
    {
        if (headers is null) return null;
        BearerChallenge? basic = null;
        foreach (var challenge in headers.WwwAuthenticate)
        {
            if (string.Equals(challenge.Scheme, "Basic", StringComparison.OrdinalIgnoreCase)) basic = new BearerChallenge(true, null, null);
            if (!string.Equals(challenge.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase) || challenge.Parameter is not { Length: <= MaxLength } text) continue;
            var values = Parameters(text);
            if (values.GetValueOrDefault("realm") is { } realm && Uri.TryCreate(realm, UriKind.Absolute, out var uri)) return new BearerChallenge(false, uri, values.GetValueOrDefault("service"));
        }
        return basic;
    }

    // name=value or name="value", separated by commas; a scope has commas within its quotes.
    private static Dictionary<string, string> Parameters(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        int at = 0;
        while (at < text.Length)
        {
            int equals = text.IndexOf('=', at);
            if (equals < 0) break;
            string name = text[at..equals].Trim(' ', ',', '\t');
            int start = equals + 1, end;
            if (start < text.Length && text[start] == '"')
            {
                end = text.IndexOf('"', ++start);
                if (end < 0) break;
                at = end + 1;
            }
            else
            {
                end = text.IndexOf(',', start);
                if (end < 0) end = text.Length;
                at = end;
            }
            values.TryAdd(name, text[start..end].Trim());
        }
        return values;
    }
}
