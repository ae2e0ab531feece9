using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Testing.Adapters;


namespace CustomAdapter.Tests;

/// <summary>A scan that is repeated, as the scanner's webhooks and as its API tell it.</summary>
internal static class ScannerExample
{
    private const string Secret = "canary-secret-of-the-webhook", Token = "canary-token-of-the-api";
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly string Commit = new('a', 40);

    public static AdapterExample Create() => new()
    {
        Create = static handler => ScannerAdapter.Create(new ScannerOptions { Address = new Uri("http://scanner.example/"), Token = Token, WebhookSecret = Secret }, new HttpClient(handler), TimeProvider.System),
        Deliveries = [Delivery("d1", 1, "scanning"), Delivery("d2", 1, "findings"), Delivery("d3", 2, "scanning"), Delivery("d4", 2, "clean")],
        Sign = static delivery => Signed(delivery.Body.ToArray(), Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span))),
        Record = static traffic => traffic.On("GET", $"/api/scans?since={Start.ToUnixTimeSeconds()}", $$"""{"scans":[{{Scan(1, "findings")}},{{Scan(2, "clean")}}]}"""),
        Look = new ProbeBatch { Source = ScannerAdapter.Name, SweepSince = Start, At = Start.AddHours(1) },
        Pipeline = static p => p.UseDefaultGates().Gate(ScannerAdapter.Gate, g => g.WrittenBy("ci:scanner")),
        Secrets = [Secret, Token],
    };

    private static WebhookDelivery Delivery(string id, int attempt, string verdict) => Signed(Encoding.UTF8.GetBytes($$"""{"scan":{{Scan(attempt, verdict)}}}"""), id);

    private static WebhookDelivery Signed(byte[] body, string id) => new()
    {
        Source = ScannerAdapter.Name,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-Scanner-Signature"] = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)),
            ["X-Scanner-Delivery"] = id,
        },
        Body = body,
        ReceivedAt = Start,
    };

    private static string Scan(int attempt, string verdict) =>
        $$"""{"id":"s1","run":7,"attempt":{{attempt}},"verdict":"{{verdict}}","at":"2026-01-05T09:0{{attempt}}:00Z","repository":"acme/web","commit":"{{Commit}}"}""";
}
