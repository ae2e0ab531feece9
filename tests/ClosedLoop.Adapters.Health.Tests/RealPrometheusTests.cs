using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>The adapter and the real Prometheus.</summary>
public sealed class RealPrometheusTests(PrometheusServer prometheus) : IClassFixture<PrometheusServer>
{
    [Fact]
    public async Task A_threshold_is_held_and_missed_by_the_version_that_runs()
    {
        var observer = new Given.Observer(Given.Options(Check(static c => c.Query = "shop_error_ratio{revision=\"$version\"}")), TimeProvider.System);
        var good = Assert.Single((await observer.SweepAsync()).Facts);
        Assert.Equal((GateStatus.Passed, Given.Sha('a'), "errors: all 2 series are at most 0.05"), (good.Status, good.Revision, good.Detail));
        prometheus.Expose(0.2);
        var bad = await PrometheusServer.UntilAsync(async () => (await observer.SweepAsync()).Facts.FirstOrDefault(static f => f.Status == GateStatus.Failed), "a scrape of the bad figure");
        Assert.Equal("errors: 1 of 2 series are not at most 0.05, one is 0.2", bad.Detail);
        Assert.True(bad.Ordinal > good.Ordinal);
        prometheus.Expose(0.01);
        await PrometheusServer.UntilAsync(async () => (await observer.SweepAsync()).Facts.FirstOrDefault(static f => f.Status == GateStatus.Passed), "a scrape of the good figure");
    }

    [Theory]
    [InlineData("no_such_metric", GateStatus.Waiting, Reason.Inconclusive, "no data")]
    [InlineData("shop_broken", GateStatus.Waiting, Reason.Inconclusive, "no measurement")]
    [InlineData("shop_requests / shop_requests", GateStatus.Waiting, Reason.Inconclusive, "no measurement")]
    [InlineData("1 / shop_requests", GateStatus.Waiting, Reason.Inconclusive, "no measurement")]
    [InlineData("scalar(no_such_metric)", GateStatus.Waiting, Reason.Inconclusive, "no measurement")]
    [InlineData("scalar(shop_requests)", GateStatus.Passed, Reason.None, "0 is at most 0.05")]
    [InlineData("vector(0.04)", GateStatus.Passed, Reason.None, "0.04 is at most 0.05")]
    [InlineData("up{", GateStatus.Waiting, Reason.Misconfigured, "bad_data")]
    [InlineData("up[1m]", GateStatus.Waiting, Reason.Misconfigured, "matrix")]
    [InlineData("\"text\"", GateStatus.Waiting, Reason.Misconfigured, "string")]
    [InlineData("up + on() up", GateStatus.Waiting, Reason.Inconclusive, "execution")]
    [InlineData("1 - up", GateStatus.Failed, Reason.None, "1 of 2 series")]
    public async Task What_prometheus_really_answers_is_judged(string query, GateStatus status, Reason reason, string detail)
    {
        var result = await new Given.Observer(Given.Options(Check(c => c.Query = query)), TimeProvider.System).SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        Assert.Equal((status, reason), (result.Facts[0].Status, result.Facts[0].Reason));
        Assert.Contains(detail, result.Facts[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.0, GateStatus.Passed)]
    [InlineData(0.5, GateStatus.Failed)]
    public async Task A_baseline_is_asked_for_too(double factor, GateStatus status)
    {
        var check = Check(c => (c.Query, c.Threshold, c.BaselineQuery, c.BaselineFactor) = ("vector(0.01)", null, "max(shop_error_ratio{zone=\"2\"})", factor));
        Assert.Equal(status, (await new Given.Observer(Given.Options(check), TimeProvider.System).SweepAsync()).Facts[0].Status);
    }

    [Fact]
    public async Task A_long_query_and_a_version_that_no_series_has()
    {
        var observer = new Given.Observer(Given.Options(Check(static c => c.Query = "vector(0)" + string.Concat(Enumerable.Repeat(" + vector(0)", 300)))), TimeProvider.System);
        Assert.Equal(GateStatus.Passed, (await observer.SweepAsync()).Facts[0].Status);
        observer = new Given.Observer(Given.Options(Check(static c => (c.Query, c.VersionLabel) = ("vector(0)", "image_id"))), TimeProvider.System);
        Assert.Equal((GateStatus.Waiting, "unproven"), ((await observer.SweepAsync()).Facts[0] is var f ? (f.Status, f.Attribute("version_source")) : default));
    }

    private PrometheusHealthCheck Check(Action<PrometheusHealthCheck> change) => Given.Prometheus(prometheus.Address, c =>
    {
        c.VersionQuery = "shop_build_info";
        change(c);
    });
}
