using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>The key of an App that exists only while the tests run.</summary>
internal static class AppKey
{
    private static readonly RSA Key = RSA.Create(2048);

    public static readonly string Pem = Key.ExportRSAPrivateKeyPem();
    public static readonly string Pkcs8 = Key.ExportPkcs8PrivateKeyPem();
    public static readonly string PublicPem = Key.ExportSubjectPublicKeyInfoPem();

    /// <summary>What a token of the App claims, or null when this key did not sign it.</summary>
    public static (string Issuer, DateTimeOffset IssuedAt, DateTimeOffset Ends)? Read(string? authorization)
    {
        if (authorization?.Split(' ') is not ["Bearer", var token] || token.Split('.') is not [var head, var claims, var signature]) return null;
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(head));
        if (header.RootElement.GetProperty("alg").GetString() != "RS256") return null;
        if (!Key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) return null;
        using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        return (body.RootElement.GetProperty("iss").GetString()!, Time("iat"), Time("exp"));

        DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeSeconds(body.RootElement.GetProperty(name).GetInt64());
    }
}
