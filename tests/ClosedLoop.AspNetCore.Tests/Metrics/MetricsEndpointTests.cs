using System.Net;
using ClosedLoop.Alerting;
using ClosedLoop.AspNetCore.Metrics;
using ClosedLoop.Diagnostics;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    private const string Evidence = "\"evidence\":{\"url\":\"https://git.example/1\"}";

    [Fact]
    public async Task Promtool_has_nothing_to_say_of_them()
    {
        await using var host = await DeliveredAsync(new ManualTimeProvider());

        string text = await ScrapeAsync(host);
        var (exitCode, output) = await Promtool.CheckMetricsAsync(text);

        Assert.True(exitCode == 0 && output.Length == 0, $"{exitCode} {output}\n{text}");
        foreach (string name in (string[])["cicd_pipeline_run_duration_seconds_bucket", "vcs_change_time_to_merge_seconds_sum", "closedloop_items", "closedloop_incidents", "closedloop_transitions_total", "closedloop_store_up"])
            Assert.Contains("\n" + name, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_Prometheus_scrapes_them_and_answers_with_their_values()
    {
        var time = new ManualTimeProvider();
        await using var host = await DeliveredAsync(time, kestrel: true);
        await using var prometheus = await PrometheusServer.StartAsync(host.Client.BaseAddress!.Authority, LoopHost.Token("metrics:prometheus"));

        Assert.Equal(1, await prometheus.ValueAsync("closedloop_items{pipeline=\"delivery\",state=\"done\"}"));
        Assert.Equal(1, await prometheus.ValueAsync("closedloop_items{pipeline=\"delivery\",gate=\"merged\",state=\"open\"}"));
        Assert.Equal(1, await prometheus.ValueAsync("cicd_pipeline_run_duration_seconds_count{cicd_pipeline_name=\"delivery\",cicd_pipeline_result=\"success\"}"));
        Assert.Equal(7_200, await prometheus.ValueAsync("cicd_pipeline_run_duration_seconds_sum"));
        Assert.Equal(3_600, await prometheus.ValueAsync("vcs_change_time_to_merge_seconds_sum"));
        Assert.Equal(1, await prometheus.ValueAsync("sum(cicd_pipeline_run_errors_total{error_type=\"main-ci\"})"));
        Assert.Equal(1, await prometheus.ValueAsync("closedloop_store_up"));
        Assert.InRange(await prometheus.ValueAsync("histogram_quantile(0.5, sum by (le) (vcs_change_time_to_merge_seconds_bucket))"), 1_800, 3_600);
    }

    [Fact]
    public async Task What_comes_again_by_webhook_or_call_is_counted_once()
    {
        await using var host = await DeliveredAsync(new ManualTimeProvider());
        string before = Only(await ScrapeAsync(host), "cicd_", "vcs_", "closedloop_gate");

        foreach (int i in (int[])[1, 2, 3]) await host.HookAsync(TestAdapter.Body("BL-1", run: 2), delivery: $"again-{i}");
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        Assert.Equal(before, Only(await ScrapeAsync(host), "cicd_", "vcs_", "closedloop_gate"));
    }

    [Fact]
    public async Task However_often_they_are_asked_for_the_record_is_read_once_a_second()
    {
        var time = new ManualTimeProvider();
        await using var host = await LoopHost.StartAsync(time: time);
        string first = await ScrapeAsync(host);
        await host.PostAsync("/api/items", """{"id":"BL-1"}""");

        Assert.Equal(first, await ScrapeAsync(host));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("closedloop_items{pipeline=\"delivery\",gate=\"merged\",state=\"open\"} 1\n", await ScrapeAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_may_read_may_scrape()
    {
        await using var host = await LoopHost.StartAsync();
        await using var open = await LoopHost.StartAsync(api: o => o.AllowAnonymousReads = true);

        using var refused = await host.SendAsync(HttpMethod.Get, "/metrics");
        using var taken = await open.SendAsync(HttpMethod.Get, "/metrics");

        await LoopHost.ProblemOf(refused, 401, "unauthorized");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", taken.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_a_metric_and_no_failed_scrape()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store));
        await host.ReadAsync("/api/board");
        store.Failure = new Storage.StoreUnavailableException("gone");

        string text = await ScrapeAsync(host);

        Assert.Contains("closedloop_store_up 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("closedloop_items{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_in_attributes_stays_a_value_and_their_number_is_bounded()
    {
        await using var host = await LoopHost.StartAsync();
        var metrics = host.App.Services.GetRequiredService<LoopMetrics>();
        foreach (string hostile in (string[])["a\"} 1\nforged 2", "back\\slash", "nul\0esc\u001b[31m", "rtl\u202e", "half\ud800", new string('x', 1_000_000), "<script>"])
            metrics.Delivered(hostile, "e", Intake.WebhookOutcome.Accepted);
        for (int i = 0; i < InstrumentSeries.MostSeries * 2; i++) metrics.Probed($"source-{i}", Adapters.ProbeOutcome.Reached, 1);

        string text = await ScrapeAsync(host);
        var (exitCode, output) = await Promtool.CheckMetricsAsync(text);

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("\nforged", text, StringComparison.Ordinal);
        Assert.Contains("source=\"a\\\"} 1\\nforged 2\"", text, StringComparison.Ordinal);
        Assert.Contains("closedloop_source_calls_total{otel_metric_overflow=\"true\"} 2000\n", text, StringComparison.Ordinal);
        Assert.True(text.Length < 2_000_000);
    }

    /// <summary>One item that was delivered in two hours, with a failed build on the way, and one that has only been opened.</summary>
    private static async Task<LoopHost> DeliveredAsync(ManualTimeProvider time, bool kestrel = false)
    {
        var host = await LoopHost.StartAsync(l => l.AddAlerting(), api: o => o.AddWriter("metrics:prometheus", ClosedLoopToken.Hash(LoopHost.Token("metrics:prometheus"))), time: time, kestrel: kestrel);
        await DoneAsync(host.PostAsync("/api/items", """{"id":"BL-1"}"""));
        await DoneAsync(host.PostAsync("/api/items/BL-1/facts", $$"""{"gate":"pr-opened","status":"passed",{{Evidence}}}"""));
        time.Advance(TimeSpan.FromHours(1));
        await DoneAsync(host.PostAsync("/api/items/BL-1/facts", """{"gate":"reviewed","status":"passed","reason":"seen"}""", "person:ann"));
        await DoneAsync(host.PostAsync("/api/items/BL-1/facts", """{"gate":"merged","status":"passed","reason":"seen"}""", "person:ann"));
        await DoneAsync(host.PostAsync("/api/items/BL-1/facts", """{"gate":"main-ci","status":"failed","detail":"red"}""", "ci:nightly"));
        time.Advance(TimeSpan.FromHours(1));
        await DoneAsync(host.PostAsync("/api/items/BL-1/facts", $$"""{"gate":"main-ci","status":"passed",{{Evidence}}}""", "ci:nightly"));
        await DoneAsync(host.PostAsync("/api/items", """{"id":"BL-2"}"""));
        time.Advance(TimeSpan.FromSeconds(1));
        return host;
    }

    private static async Task DoneAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> ScrapeAsync(LoopHost host)
    {
        using var response = await host.SendAsync(HttpMethod.Get, "/metrics", "agent:builder-7");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static string Only(string text, params string[] prefixes) => string.Join('\n', text.Split('\n').Where(line => prefixes.Any(p => line.StartsWith(p, StringComparison.Ordinal))));
}
