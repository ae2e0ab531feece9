using System.Net;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>Answers of Prometheus, played; <see cref="RealPrometheusTests"/> asks the real one.</summary>
public sealed class PrometheusCheckTests : IAsyncLifetime
{
    private FakeService _prometheus = null!;

    public async Task InitializeAsync() => _prometheus = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _prometheus.DisposeAsync();

    [Theory]
    [InlineData(200, "vector", "0.01", GateStatus.Passed, Reason.None)]
    [InlineData(200, "vector", "0.05", GateStatus.Passed, Reason.None)]
    [InlineData(200, "vector", "0.06", GateStatus.Failed, Reason.None)]
    [InlineData(200, "vector", "0.01 0.06", GateStatus.Failed, Reason.None)]
    [InlineData(200, "vector", "0.01 0.02", GateStatus.Passed, Reason.None)]
    [InlineData(200, "vector", "0.01 NaN", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "vector", "0.06 NaN", GateStatus.Failed, Reason.None)]
    [InlineData(200, "vector", "", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "vector", "NaN", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "vector", "-Inf", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "vector", "+Inf", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "vector", "0,01", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "scalar", "0.01", GateStatus.Passed, Reason.None)]
    [InlineData(200, "scalar", "NaN", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData(200, "matrix", "0.01", GateStatus.Waiting, Reason.Misconfigured)]
    [InlineData(400, "bad_data", "", GateStatus.Waiting, Reason.Misconfigured)]
    [InlineData(422, "execution", "", GateStatus.Waiting, Reason.Inconclusive)]
    public async Task Each_answer_has_its_verdict_and_no_data_is_never_a_pass(int status, string type, string values, GateStatus expected, Reason reason)
    {
        _prometheus.Answer = Versioned(status, status == 200 ? Data(type, values) : $"{{\"status\":\"error\",\"errorType\":\"{type}\",\"error\":\"parse error\"}}");
        var observer = Given.Observe(Check());
        var result = await observer.SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal((expected, reason, Given.Sha('a')), (result.Facts[0].Status, result.Facts[0].Reason, result.Facts[0].Revision));
        Assert.Equal(reason == Reason.Misconfigured, result.Diagnostics.Any(static d => d.Contains("Health:Prometheus:0:Query", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(503, "{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"\"}")]
    [InlineData(404, "404 page not found")]
    [InlineData(200, "<html>login</html>")]
    [InlineData(200, "{\"status\":\"success\"}")]
    [InlineData(200, "{}")]
    [InlineData(401, "")]
    [InlineData(500, "")]
    public async Task A_prometheus_that_does_not_answer_makes_blind_and_says_nothing(int status, string body)
    {
        _prometheus.Says(status, body);
        var result = await Given.Observe(Check()).SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Empty(result.Facts);
        Assert.Contains("Health:Prometheus:0:Address", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_prometheus.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"warnings\":[\"PromQL: metric might not be a counter\"]", GateStatus.Passed, 1)]
    [InlineData("\"warnings\":[\"No StoreAPIs matched; partial response\"]", GateStatus.Waiting, 1)]
    [InlineData("\"isPartial\":true", GateStatus.Waiting, 0)]
    [InlineData("\"warnings\":7", GateStatus.Passed, 0)]
    public async Task Warnings_are_shown_and_a_part_of_an_answer_does_not_pass(string extra, GateStatus expected, int diagnostics)
    {
        _prometheus.Answer = Versioned(200, Data("vector", "0.01").Replace("\"status\":\"success\"", "\"status\":\"success\"," + extra, StringComparison.Ordinal));
        var result = await Given.Observe(Check()).SweepAsync();
        Assert.Equal((expected, diagnostics), (result.Facts[0].Status, result.Diagnostics.Length));
    }

    [Theory]
    [InlineData("0.02", "0.03", GateStatus.Passed)]
    [InlineData("0.02", "0.031", GateStatus.Failed)]
    [InlineData("", "0.01", GateStatus.Waiting)]
    [InlineData("NaN", "0.01", GateStatus.Waiting)]
    [InlineData("0.02 0.03", "0.01", GateStatus.Waiting)]
    public async Task A_baseline_is_one_number_and_its_absence_is_inconclusive(string baseline, string value, GateStatus expected)
    {
        _prometheus.Answer = context => context.Response.WriteAsync(Query(context) switch { "base" => Data("vector", baseline), "errors" => Data("vector", value), _ => VersionData('a') });
        var fact = await Given.Observe(Check(static c => (c.Threshold, c.BaselineQuery, c.BaselineFactor) = (null, "base", 1.5))).LookAsync();
        Assert.Equal(expected, fact.Status);
    }

    [Theory]
    [InlineData(HealthComparison.AtMost, "1", true)]
    [InlineData(HealthComparison.Below, "1", false)]
    [InlineData(HealthComparison.AtLeast, "1", true)]
    [InlineData(HealthComparison.Above, "1", false)]
    [InlineData(HealthComparison.Above, "1.5", true)]
    [InlineData(HealthComparison.Below, "9e-1", true)]
    public async Task Comparisons_are_what_they_are_called(HealthComparison comparison, string value, bool holds)
    {
        _prometheus.Answer = Versioned(200, Data("vector", value));
        Assert.Equal(holds ? GateStatus.Passed : GateStatus.Failed, (await Given.Observe(Check(c => (c.Comparison, c.Threshold) = (comparison, 1)))
            .LookAsync()).Status);
    }

    [Fact]
    public async Task All_questions_of_a_look_are_for_one_instant_and_for_the_version_that_runs()
    {
        _prometheus.Answer = context => context.Response.WriteAsync(Query(context) == "info" ? VersionData('a') : Data("vector", "0.01"));
        await Given.Observe(Check(static c => c.Query = "errors{revision=\"$version\"}")).LookAsync(0);
        Assert.Equal(
            [$"/api/v1/query?query=info&time={Given.Start.ToUnixTimeSeconds()}.000&timeout=5s", $"/api/v1/query?query=errors{{revision=\"{Given.Sha('a')}\"}}&time={Given.Start.ToUnixTimeSeconds()}.000&timeout=5s"],
            _prometheus.Requests.Select(static r => Uri.UnescapeDataString(r.Target)));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("")]
    public async Task Several_versions_at_once_or_none_prove_none(string versions)
    {
        _prometheus.Answer = context => context.Response.WriteAsync(Query(context) == "info" ? VersionData([.. versions]) : Data("vector", "0.01"));
        var fact = await Given.Observe(Check()).LookAsync();
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive, null), (fact.Status, fact.Reason, fact.Revision));
        fact = await Given.Observe(Check(static c => c.Query = "errors{revision=\"$version\"}")).LookAsync();
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), (fact.Status, fact.Reason));
        Assert.DoesNotContain(_prometheus.Requests, static r => r.Target.Contains("$version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_label_cannot_change_the_question()
    {
        _prometheus.Answer = context => context.Response.WriteAsync(Query(context) == "info" ? VersionData('a').Replace(Given.Sha('a'), "x@" + Given.Digest('a') + "\\\"} or vector(0) #", StringComparison.Ordinal) : Data("vector", "0.01"));
        var fact = await Given.Observe(Check(static c => c.Query = "errors{revision=\"$version\"}")).LookAsync();
        Assert.Equal(GateStatus.Waiting, fact.Status);
        Assert.Single(_prometheus.Requests);
    }

    [Fact]
    public async Task Long_queries_are_posted_and_the_token_is_sent()
    {
        _prometheus.Answer = context => context.Response.WriteAsync(Query(context) == "info" ? VersionData('a') : Data("vector", "0.01"));
        string query = "errors" + string.Concat(Enumerable.Repeat(" + 0*errors", 300));
        await Given.Observe(Check(c => (c.Query, c.Authorization) = (query, "Bearer the-token-of-the-check"))).LookAsync();
        var posted = _prometheus.Requests.Last();
        Assert.Equal(("POST", "/api/v1/query", "Bearer the-token-of-the-check"), (posted.Method, posted.Target, posted.Authorization));
        Assert.StartsWith("query=" + Uri.EscapeDataString(query), posted.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_blind_check_keeps_the_others_facts_and_the_allowance_is_kept()
    {
        await using var service = await FakeService.StartAsync();
        service.Says(200, Given.Up('a'));
        _prometheus.Says(503, "");
        var observer = Given.Observe(Given.Http(service.Address), Check());
        var result = await observer.SweepAsync();
        Assert.Equal((ProbeOutcome.Unreachable, 1, 3), (result.Outcome, result.Facts.Length, result.Calls));
        int before = _prometheus.Requests.Count;
        result = await observer.SweepAsync(allowance: 2);
        Assert.Equal((ProbeOutcome.RateLimited, 1, before), (result.Outcome, result.Calls, _prometheus.Requests.Count));
        Assert.Empty((await observer.Adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "health", At = Given.Start }, default)).Facts);
    }

    [Fact]
    public void The_page_of_a_fact_is_the_question_in_prometheus()
    {
        var check = new PrometheusCheck(Check(static c => c.Address = new Uri("https://prometheus.example.org/prom")), "Prometheus:0", new HttpClient(), TimeProvider.System);
        Assert.Equal("https://prometheus.example.org/prom/graph?g0.expr=errors", check.Settings.Page);
    }

    private PrometheusHealthCheck Check(Action<PrometheusHealthCheck>? change = null) => Given.Prometheus(_prometheus.Address, c =>
    {
        c.VersionQuery = "info";
        change?.Invoke(c);
    });

    private static Func<HttpContext, Task> Versioned(int status, string body) => context =>
    {
        if (Query(context) == "info") return context.Response.WriteAsync(VersionData('a'));
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    };

    private static string Query(HttpContext context) => WebUtility.UrlDecode(context.Request.Query["query"].ToString());

    private static string VersionData(params char[] versions) =>
        $"{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[{string.Join(',', versions.Select(static v => $"{{\"metric\":{{\"revision\":\"{Given.Sha(v)}\"}},\"value\":[1,\"1\"]}}"))}]}}}}";

    private static string Data(string type, string values) => type == "scalar"
        ? $"{{\"status\":\"success\",\"data\":{{\"resultType\":\"scalar\",\"result\":[1795225031.3,\"{values}\"]}}}}"
        : $"{{\"status\":\"success\",\"data\":{{\"resultType\":\"{type}\",\"result\":[{string.Join(',', values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static v => $"{{\"metric\":{{}},\"value\":[1795225031.3,\"{v}\"]}}"))}]}}}}";
}
