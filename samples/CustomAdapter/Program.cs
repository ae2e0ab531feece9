using System.Security.Cryptography;
using System.Text;
using ClosedLoop;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using CustomAdapter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A system that ClosedLoop has never heard of becomes the writer of a gate: one line for the adapter, one for the gate.
const string Secret = "a-random-secret-of-32-characters";
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddClosedLoop(loop => loop
    .AddScanner(o => (o.Address, o.Token, o.WebhookSecret) = (new Uri("http://127.0.0.1:9/"), "token", Secret))
    .AddPipeline("delivery", p => p
        .UseDefaultGates()
        .GateAfter(Gates.Merged, ScannerAdapter.Gate, g => g.Describe("the scanner found nothing").WrittenBy("ci:scanner").Cumulative())));
using var host = builder.Build();
var loop = host.Services.GetRequiredService<IClosedLoop>();
var agent = loop.As(Writer.Agent("builder-7"));
var github = loop.As(new Writer(WriterRoles.SourceControl, "github"));
string commit = new('a', 40);

await agent.OpenAsync(new WorkItem("BL-42") { Title = "Fix login" });
await agent.RecordAsync("BL-42", Gates.PrOpened, Evidence.At("https://git.example/acme/web/pull/12"), Key.PullRequest("acme/web", 12));
await github.RecordFactsAsync([new Fact
{
    // What landed where is the source host's to say; an adapter for it does.
    Subject = Key.Commit("acme/web", commit),
    Kind = FactKinds.Landing,
    Writer = new Writer(WriterRoles.SourceControl, "github"),
    Ordinal = new Ordinal(1),
    Status = GateStatus.Passed,
    OccurredAt = DateTimeOffset.UtcNow,
    Links = [Key.PullRequest("acme/web", 12)],
}]);
await SendAsync("findings", attempt: 1);
await SendAsync("clean", attempt: 2);
await SendAsync("findings", attempt: 1, delivery: "late");
return (await loop.GetStatusAsync("BL-42"))!.State.Gates.Single(static g => g.Gate == ScannerAdapter.Gate).Status == GateStatus.Passed ? 0 : 1;

// What the scanner would send to /webhooks/scanner of a host that calls MapClosedLoopWebhooks().
async Task SendAsync(string verdict, int attempt, string? delivery = null)
{
    byte[] body = Encoding.UTF8.GetBytes($$"""{"scan": {"id": "s1", "run": 7, "attempt": {{attempt}}, "verdict": "{{verdict}}", "at": "2026-01-05T09:0{{attempt}}:00Z", "repository": "acme/web", "commit": "{{commit}}" } }""");
    var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["X-Scanner-Signature"] = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)),
        ["X-Scanner-Delivery"] = delivery ?? $"d{attempt}",
    };
    var result = await host.Services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(new WebhookDelivery { Source = ScannerAdapter.Name, Headers = headers, Body = body, ReceivedAt = DateTimeOffset.UtcNow });
    var gate = (await loop.GetStatusAsync("BL-42"))!.State.Gates.Single(static g => g.Gate == ScannerAdapter.Gate);
    Console.WriteLine($"{verdict} (attempt {attempt}{(delivery is null ? "" : ", " + delivery)}): HTTP {result.StatusCode}, {ScannerAdapter.Gate} {gate.Status}");
}
