using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using ClosedLoop.Alerting;
using ClosedLoop.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Tests.Metrics;

public sealed class TelemetryPageTests
{
    private const string Scraper = "metrics:prometheus";

    [Fact]
    public async Task Every_instrument_and_every_gauge_of_the_record_is_in_the_documentation_with_its_unit()
    {
        await using var host = await LoopHost.StartAsync(l => l.AddAlerting());
        var instruments = new List<Instrument>();
        using var listener = new MeterListener();
        var meter = host.App.Services.GetRequiredService<LoopMetrics>().Meter;
        // What is only made with its first user.
        using var scrape = await host.SendAsync(HttpMethod.Get, "/metrics", "agent:builder-7");
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter, meter)) instruments.Add(instrument);
        };
        listener.Start();
        string page = Page();
        var families = Regex.Matches(await scrape.Content.ReadAsStringAsync(), "^# TYPE (\\S+) gauge$", RegexOptions.Multiline).Select(static m => m.Groups[1].Value);

        Assert.True(instruments.Count >= 20);
        Assert.All(instruments, i => Assert.Contains($"\n| `{i.Name}` | {i.Unit} |", page, StringComparison.Ordinal));
        var documented = Regex.Matches(page, "^\\| `((?:closedloop|cicd|vcs)\\.[^`]+)` \\|", RegexOptions.Multiline).Select(static m => m.Groups[1].Value);
        Assert.Equal(instruments.Select(static i => i.Name).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        var ofInstruments = instruments.Select(static i => i.Name.Replace('.', '_')).ToList();
        foreach (string family in families.Where(f => !ofInstruments.Exists(i => f.StartsWith(i, StringComparison.Ordinal)))) Assert.Contains($"\n| `{family}` |", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_alert_of_the_documentation_runs_on_a_real_Prometheus_and_is_quiet_while_all_is_well()
    {
        await using var host = await LoopHost.StartAsync(l => l.AddAlerting(), api: o => o.AddWriter(Scraper, ClosedLoopToken.Hash(LoopHost.Token(Scraper))), kestrel: true);
        await LoopHost.UntilAsync(async () => (await ScrapeAsync(host)).Contains("\nclosedloop_alerts_evaluated_timestamp_seconds ", StringComparison.Ordinal) ? "done" : null, "the first evaluation");
        await using var prometheus = await PrometheusServer.StartAsync(host.Client.BaseAddress!.Authority, LoopHost.Token(Scraper));
        await prometheus.ValueAsync("closedloop_alerts_evaluated_timestamp_seconds");
        var alerts = Regex.Matches(Page()[Page().IndexOf("### Alerts", StringComparison.Ordinal)..], "^\\| [^|`]+ \\| `([^`]+)` \\|", RegexOptions.Multiline).Select(static m => m.Groups[1].Value).ToList();

        Assert.Equal(8, alerts.Count);
        foreach (string alert in alerts) Assert.Equal(0, (await prometheus.QueryAsync(alert)).GetArrayLength());
    }

    private static async Task<string> ScrapeAsync(LoopHost host)
    {
        using var response = await host.SendAsync(HttpMethod.Get, "/metrics", "agent:builder-7");
        return await response.Content.ReadAsStringAsync();
    }

    private static string Page()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "ClosedLoop.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The checkout was not found above the tests.");
        return File.ReadAllText(Path.Combine(root, "docs", "telemetry.md")).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
