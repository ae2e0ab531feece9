using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.AspNetCore.Tests;

/// <summary>An adapter small enough to read: a secret in a header, and JSON that names an item, a gate and a status.</summary>
internal sealed class TestAdapter : IWebhookAuthenticator, IWebhookTranslator
{
    public const string SecretHeader = "X-Test-Secret";
    public const string Secret = "test-secret";

    private WebhookDelivery? _last;

    /// <summary>The last delivery that was authenticated.</summary>
    public WebhookDelivery Last => _last ?? throw new InvalidOperationException("nothing was delivered");

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        _last = delivery;
        return delivery.Header(SecretHeader) == Secret;
    }

    public Translation Translate(in WebhookDelivery delivery)
    {
        using var json = JsonDocument.Parse(delivery.Body);
        var root = json.RootElement;
        if (!root.TryGetProperty("event", out var named)) return Translation.Malformed("", "expected an object with 'event'");
        string name = named.GetString()!;
        if (name != "gate") return Translation.Ignored(name, "an event that this version does not know");
        var fact = new Fact
        {
            Subject = Key.Item(root.GetProperty("item").GetString()!),
            Kind = root.GetProperty("gate").GetString()!,
            Writer = new Writer(WriterRoles.Ci, "test"),
            Ordinal = new Ordinal(root.GetProperty("run").GetInt64()),
            Status = GateStatus.Passed,
            OccurredAt = delivery.ReceivedAt,
        };
        return Translation.Of(name, [fact]) with { DeliveryId = delivery.Header("X-Test-Delivery") };
    }

    public AdapterRegistration Register(string name = "test", int maxBodyBytes = 1_000, int malformedStatus = 400) => new()
    {
        Name = name,
        Writers = [new Writer(WriterRoles.Ci, "test")],
        Gates = [Gates.MainCi],
        Authenticator = this,
        Translator = this,
        MaxBodyBytes = maxBodyBytes,
        MalformedStatusCode = malformedStatus,
    };

    public static string Body(string item, string gate = Gates.MainCi, long run = 1) => $$"""{"event":"gate","item":"{{item}}","gate":"{{gate}}","run":{{run}}}""";
}
