using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.LoadRig.Http;

/// <summary>The least that a webhook has to do: read the body, check its signature in constant time, parse it. It keeps nothing.</summary>
internal static class BareEndpoint
{
    private const string Prefix = "sha256=";

    public static void Map(WebApplication app, byte[] secret) => app.MapPost("/hooks/github", (RequestDelegate)(async context =>
    {
        byte[] body = new byte[(int)context.Request.ContentLength!.Value];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        context.Response.StatusCode = IsSigned(context.Request.Headers["X-Hub-Signature-256"].ToString(), secret, body) && IsObject(body)
            ? StatusCodes.Status200OK
            : StatusCodes.Status401Unauthorized;
    }));

    private static bool IsSigned(string header, byte[] secret, byte[] body)
    {
        if (header.Length != Prefix.Length + (2 * SHA256.HashSizeInBytes)) return false;
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes], given = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, expected);
        Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out _);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    private static bool IsObject(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }
}
