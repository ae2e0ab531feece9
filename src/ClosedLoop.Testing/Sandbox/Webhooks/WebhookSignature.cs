using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClosedLoop.Testing.Sandbox.Webhooks;

internal static class WebhookSignature
{
    /// <summary>The signature that GitHub and Flux send: <c>sha256=</c> and the HMAC of the raw bytes in lower-case hex.</summary>
    public static string Sha256(string secret, byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static byte[] Bytes(JsonNode json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) json.WriteTo(writer);
        return buffer.ToArray();
    }
}
