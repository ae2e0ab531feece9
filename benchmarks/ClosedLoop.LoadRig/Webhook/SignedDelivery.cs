using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitHub;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary>A merged pull request of 16 KB as GitHub sends it, and the adapter that takes it.</summary>
internal sealed record SignedDelivery(AdapterRegistration Adapter, WebhookDelivery Delivery, byte[] Body, byte[] Secret)
{
    private const string Sha = "9f2c0d3b6a5e4f1c8b7a9d0e1f2a3b4c5d6e7f80";
    private static readonly DateTimeOffset MergedAt = new(2026, 1, 5, 11, 30, 0, TimeSpan.Zero);

    public static SignedDelivery Create()
    {
        const string Secret = "not-a-real-secret";
        byte[] body = new PullRequestPayload(12, "BL-42", Sha, MergedAt.AddMinutes(-150)).Merged(MergedAt), secret = Encoding.UTF8.GetBytes(Secret);
        var options = new GitHubOptions { WebhookSecret = Secret };
        options.Repositories.Add("acme/web");
        var delivery = new WebhookDelivery
        {
            Source = GitHubAdapter.Name,
            Body = body,
            ReceivedAt = MergedAt.AddSeconds(1),
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["X-GitHub-Event"] = "pull_request",
                ["X-GitHub-Delivery"] = "1",
                ["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, body)),
            },
        };
        return new SignedDelivery(GitHubAdapter.Create(options, http: null, TimeProvider.System), delivery, body, secret);
    }
}
