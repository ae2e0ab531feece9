using System.Security.Cryptography;
using ClosedLoop.Facts;

namespace ClosedLoop.LoadRig.Http;

/// <summary>One delivery as it goes over the wire, made and signed before the clock runs.</summary>
/// <param name="Event">GitHub's name of it.</param>
/// <param name="Id">GitHub's name of the delivery: of a repetition the same.</param>
/// <param name="Item">Whose it is.</param>
/// <param name="Sha">The commit it was merged as.</param>
/// <param name="Subject">Of what it says something; with <paramref name="Kind"/>, the register by which it is found again.</param>
internal sealed record SignedPayload(string Event, string Id, string Item, string Sha, Key Subject, string Kind, byte[] Body, string Signature)
{
    public static SignedPayload Of(string @event, string item, string sha, Key subject, string kind, byte[] body, byte[] secret)
    {
        byte[] hash = HMACSHA256.HashData(secret, body);
        // No two deliveries say the same, so the signature names them too.
        return new SignedPayload(@event, new Guid(hash.AsSpan(0, 16)).ToString(), item, sha, subject, kind, body, "sha256=" + Convert.ToHexStringLower(hash));
    }
}
