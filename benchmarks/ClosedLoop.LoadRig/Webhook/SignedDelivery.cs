using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitHub;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary>A merged pull request of 16 KB as GitHub sends it, and the adapter that takes it.</summary>
internal sealed record SignedDelivery(AdapterRegistration Adapter, WebhookDelivery Delivery, byte[] Body, byte[] Secret)
{
    public static SignedDelivery Create()
    {
        const string Secret = "not-a-real-secret";
        byte[] body = PullRequestPayload.Merged(), secret = Encoding.UTF8.GetBytes(Secret);
        var options = new GitHubOptions { WebhookSecret = Secret };
        options.Repositories.Add("acme/web");
        var delivery = new WebhookDelivery
        {
            Source = GitHubAdapter.Name,
            Body = body,
            ReceivedAt = new DateTimeOffset(2026, 1, 5, 11, 30, 1, TimeSpan.Zero),
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
