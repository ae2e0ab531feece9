using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Gitea.Webhooks;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Tests;

/// <summary>Options and deliveries of the tests.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static GiteaOptions Options(Action<GiteaOptions>? change = null)
    {
        var options = new GiteaOptions { WebhookSecret = FakeGitea.Secret, BaseAddress = new Uri("https://git.example/") };
        options.Repositories.Add(FakeGitea.Repository);
        change?.Invoke(options);
        return options;
    }

    public static GiteaTranslator Translator(Action<GiteaOptions>? change = null) => new(GiteaSettings.From(Options(change)));

    public static Translation Translate(JsonObject payload, Action<GiteaOptions>? change = null) => Translator(change).Translate(Delivery(payload));

    /// <summary>A delivery with all the headers that Gitea sends; the event's name is taken out of the payload's field "event".</summary>
    public static WebhookDelivery Delivery(JsonObject payload, string secret = FakeGitea.Secret, string id = "f6266f16-1bf3-46a5-9ea4-602e06ead473", string system = "Gitea")
    {
        payload = (JsonObject)payload.DeepClone();
        string name = payload["event"]!.ToString();
        payload.Remove("event");
        return Delivery(Encoding.UTF8.GetBytes(payload.ToJsonString()), name, secret, id, system);
    }

    public static WebhookDelivery Delivery(byte[] body, string name, string secret = FakeGitea.Secret, string id = "f6266f16-1bf3-46a5-9ea4-602e06ead473", string system = "Gitea")
    {
        string signature = secret.Length == 0 ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = "application/json",
            ["X-GitHub-Event"] = name,
            ["X-GitHub-Delivery"] = id,
            ["X-Gogs-Event"] = name,
            ["X-Gogs-Signature"] = signature,
            ["X-Hub-Signature"] = "sha1=",
            ["X-Hub-Signature-256"] = "sha256=" + signature,
        };
        foreach (string sender in system == "Forgejo" ? new[] { "Gitea", "Forgejo" } : ["Gitea"])
        {
            headers[$"X-{sender}-Event"] = name;
            headers[$"X-{sender}-Event-Type"] = name;
            headers[$"X-{sender}-Delivery"] = id;
            headers[$"X-{sender}-Signature"] = signature;
        }
        return new WebhookDelivery { Source = GiteaAdapter.Name, ReceivedAt = Start, Body = body, Headers = headers };
    }

    public static Fact Only(this Translation translation, string kind) => Assert.Single(translation.Facts, f => f.Kind == kind);

    public static JsonObject With(this JsonObject payload, Action<JsonObject> change)
    {
        change(payload);
        return payload;
    }

    /// <summary>What stands in each register after these facts, in any order.</summary>
    public static SortedDictionary<string, Fact> Registers(IEnumerable<Fact> facts)
    {
        var registers = new SortedDictionary<string, Fact>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            string register = $"{fact.Subject} {fact.Kind} {fact.Writer}";
            registers[register] = registers.TryGetValue(register, out var known) ? FactJoin.Join(known, fact) : fact;
        }
        return registers;
    }
}
