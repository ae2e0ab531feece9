using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.GitHub.Webhooks;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Makes deliveries as GitHub would send them.</summary>
internal static class Hook
{
    public const string Secret = "a secret of the tests";

    public static GitHubOptions Options(Action<GitHubOptions>? configure = null)
    {
        var options = new GitHubOptions { WebhookSecret = Secret };
        options.Repositories.Add("acme/web");
        configure?.Invoke(options);
        return options;
    }

    public static GitHubWebhookTranslator Translator(Action<GitHubOptions>? configure = null) => new(new GitHubSettings(Options(configure)));

    public static Translation Translate(string name, JsonNode payload, Action<GitHubOptions>? configure = null) =>
        Translator(configure).Translate(Delivery(name, Encoding.UTF8.GetBytes(payload.ToJsonString())));

    public static WebhookDelivery Delivery(string name, byte[] body, string id = "72d3162e-cc78-11e3-81ab-4c9367dc0958", string type = "application/json") => new()
    {
        Source = GitHubAdapter.Name,
        ReceivedAt = Payloads.Start,
        Body = body,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-GitHub-Event"] = name,
            ["X-GitHub-Delivery"] = id,
            ["Content-Type"] = type,
            [GitHubWebhookAuthenticator.Header] = Sign(Secret, body),
        },
    };

    public static string Sign(string secret, byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
