using System.Security.Cryptography;
using System.Text;
using ClosedLoop.LoadRig.Webhook;

namespace ClosedLoop.LoadRig.Http;

/// <summary>One delivery as it goes over the wire, made and signed before the clock runs.</summary>
internal sealed record SignedPayload(int Number, string Sha, byte[] Body, string Signature)
{
    /// <summary>With these, a payload is as long as GitHub's of a small team: about 22 KB.</summary>
    private const int Reviewers = 6;

    public string Item => $"BL-{Number}";

    public static SignedPayload Of(int number, byte[] secret, DateTimeOffset mergedAt)
    {
        string sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"commit {number}")))[..40];
        byte[] body = PullRequestPayload.Merged(number, $"BL-{number}", sha, Reviewers, mergedAt);
        return new SignedPayload(number, sha, body, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, body)));
    }
}
