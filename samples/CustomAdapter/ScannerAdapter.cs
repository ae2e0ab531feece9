using System.Net.Http.Headers;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CustomAdapter;

/// <summary>What the adapter needs to know. Everything is checked when the host starts.</summary>
public sealed class ScannerOptions
{
    public Uri? Address { get; set; }
    public string? Token { get; set; }
    public string? WebhookSecret { get; set; }
}

/// <summary>A security scanner as the writer of the gate <c>security-scan</c>: its webhooks, and its API for what they miss.</summary>
public static class ScannerAdapter
{
    public const string Name = "scanner", Gate = "security-scan";
    public static Writer Writer { get; } = new(WriterRoles.Ci, Name);

    public static ClosedLoopBuilder AddScanner(this ClosedLoopBuilder loop, Action<ScannerOptions> configure)
    {
        var options = new ScannerOptions();
        configure(options);
        loop.Services.AddHttpClient(Name, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(SourceClient.CreateHandler);
        return loop.AddAdapter(services => Create(options, services.GetRequiredService<IHttpClientFactory>().CreateClient(Name), services.GetRequiredService<TimeProvider>()));
    }

    public static AdapterRegistration Create(ScannerOptions options, HttpClient http, TimeProvider time)
    {
        if (options.Address is null || string.IsNullOrEmpty(options.Token)) throw new InvalidOperationException("Scanner:Address or Scanner:Token is not set; set the scanner's address and a token that may read scans.");
        var client = new SourceClient("the scanner", options.Address, http, time) { Prepare = request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token) };
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [Writer],
            Gates = [Gate],
            Authenticator = new HmacAuthenticator("X-Scanner-Signature", "sha256=", options.WebhookSecret ?? ""),
            Translator = new ScannerTranslator(),
            Probe = new ScannerProbe(client),
            ProbeSchemes = [KeySchemes.Commit],
        };
    }

    /// <summary>A scan as a fact, or null: the one place where webhook and API become the same thing.</summary>
    internal static Fact? FactOf(JsonElement scan, DateTimeOffset seen, ICollection<string> diagnostics)
    {
        if (scan.Text("id") is not { Length: > 0 and <= 100 } id || !id.All(char.IsAsciiLetterOrDigit) || scan.Number("run") is not { } run) return null;
        if (scan.Text("repository") is not { Length: > 0 and <= 100 } repository || scan.Text("commit") is not { Length: 40 } sha || !sha.All(char.IsAsciiHexDigit) || repository.Any(char.IsControl)) return null;
        string verdict = scan.Text("verdict") ?? "";
        var (status, reason) = verdict switch
        {
            "clean" => (GateStatus.Passed, Reason.None),
            "findings" => (GateStatus.Failed, Reason.None),
            "scanning" => (GateStatus.Running, Reason.None),
            _ => (GateStatus.Waiting, Reason.Unrecognized), // What is not known is no evidence, never a pass.
        };
        if (reason == Reason.Unrecognized) diagnostics.Add($"scan {id}: the verdict {SourceText.Quote(verdict)} is not known and counts as no evidence");
        return new Fact
        {
            Subject = Key.Create("scan", id),
            Kind = Gate,
            Writer = Writer,
            Ordinal = new Ordinal(run, scan.Number("attempt") ?? 1, Rank: status == GateStatus.Running ? 1 : 2), // The source's order, never the time of arrival.
            Status = status,
            Reason = reason,
            OccurredAt = scan.Time("at") ?? seen,
            Name = "scan", // All scans of a commit are one series: the newest with a verdict speaks.
            Revision = sha,
            Links = [Key.Commit(repository, sha)],
        };
    }
}

internal sealed class ScannerTranslator : IWebhookTranslator
{
    public Translation Translate(in WebhookDelivery delivery)
    {
        try
        {
            using var json = JsonDocument.Parse(delivery.Body);
            var diagnostics = new List<string>();
            if (json.RootElement.Member("scan") is not { } scan) return Translation.Malformed("scan", "expected an object with 'scan'");
            return ScannerAdapter.FactOf(scan, delivery.ReceivedAt, diagnostics) is { } fact
                ? Translation.Of("scan", [fact]) with { DeliveryId = delivery.Header("X-Scanner-Delivery"), Diagnostics = [.. diagnostics] }
                : Translation.Malformed("scan", "expected scan.id, run, repository and commit");
        }
        catch (JsonException)
        {
            return Translation.Malformed("scan", "expected JSON");
        }
    }
}

internal sealed class ScannerProbe(SourceClient client) : IProbe
{
    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<RegisterId, Fact>();
        var diagnostics = new List<string>();
        var paths = batch.Keys.Select(static k => $"api/scans?commit={Uri.EscapeDataString(k.Value)}").ToList();
        if (batch.SweepSince is { } since) paths.Add($"api/scans?since={since.ToUnixTimeSeconds()}");
        for (int calls = 0; calls < paths.Count; calls++)
        {
            if (calls == batch.Allowance) return new ProbeResult { Outcome = ProbeOutcome.RateLimited, Facts = [.. facts.Values], Calls = calls };
            var answer = await client.GetAsync(paths[calls], null, cancellationToken);
            if (answer.Kind == SourceAnswerKind.Missing) continue;
            if (answer.Kind != SourceAnswerKind.Found) return answer.ToProbeResult(facts.Values, calls + 1);
            if (!answer.TryParse(out var json)) return ProbeResult.Unreachable("the scanner answered something else than JSON", facts.Values) with { Calls = calls + 1 };
            using (json)
                foreach (var scan in json.RootElement.Elements("scans"))
                    if (ScannerAdapter.FactOf(scan, batch.At, diagnostics) is { } fact) facts[fact.Register] = facts.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;
        }
        return ProbeResult.Reached(facts.Values) with { Calls = paths.Count, Diagnostics = [.. diagnostics.Distinct()] };
    }
}
