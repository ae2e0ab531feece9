using System.Security.Cryptography;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary>What it costs to check a webhook's signature and to turn it into facts.</summary>
internal sealed class WebhookScenario : IScenario
{
    public string Name => "webhook";

    public string Summary => "GitHub's signature check and translation of a merged pull request, beside HMAC and parse of the same bytes";

    public IReadOnlyList<Option> Options =>
    [
        new("deliveries", "2000", "deliveries per round"),
        new("rounds", "9", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        var (adapter, delivery, body, secret) = SignedDelivery.Create();
        var translation = adapter.Translator!.Translate(delivery);
        ClaimFailedException.Unless(translation.Facts.Any(static f => f is { Kind: Gates.Merged, Status: GateStatus.Passed }), $"the delivery was not understood: {translation.Detail}");
        int count = arguments.Number("deliveries");
        long ours = 0, theirs = 0;
        var duel = await Duel.RunAsync(arguments.Number("rounds"), () => Repeat(count, Take, out ours), () => Repeat(count, TakePlainly, out theirs));
        return
        [
            duel.Time("authenticate and translate", "HMACSHA256.HashData, FixedTimeEquals and JsonDocument.Parse of the same bytes", "us/delivery", 1e6, count, new Dictionary<string, double>
            {
                ["bodyBytes"] = body.Length,
                ["facts"] = translation.Facts.Length,
                ["allocatedBytes"] = ours / count,
                ["twinAllocatedBytes"] = theirs / count,
            }),
        ];

        bool Take() => adapter.Authenticator!.IsAuthentic(delivery) && adapter.Translator!.Translate(delivery).Outcome == TranslationOutcome.Facts;

        bool TakePlainly()
        {
            Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes], given = stackalloc byte[SHA256.HashSizeInBytes];
            HMACSHA256.HashData(secret, body, expected);
            Convert.FromHexString(delivery.Header("X-Hub-Signature-256").AsSpan("sha256=".Length), given, out _, out _);
            using var document = JsonDocument.Parse(body);
            return CryptographicOperations.FixedTimeEquals(given, expected) && document.RootElement.ValueKind == JsonValueKind.Object;
        }
    }

    private static Task<double> Repeat(int count, Func<bool> work, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Clock.Start();
        bool all = true;
        for (int i = 0; i < count; i++) all &= work();
        double seconds = Clock.Seconds(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ClaimFailedException.Unless(all, "a delivery was refused.");
        return Task.FromResult(seconds);
    }
}
