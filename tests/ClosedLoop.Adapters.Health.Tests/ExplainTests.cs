using System.Text;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health.Tests;

public sealed class ExplainTests
{
    [Theory]
    [InlineData("{\"status\":\"UP\",\"components\":{}}", "passed")]
    [InlineData("{\"status\":\"DOWN\"}", "failed")]
    [InlineData("{\"status\":\"OUT_OF_SERVICE\"}", "failed")]
    [InlineData("{\"status\":\"UNKNOWN\"}", "none")]
    [InlineData("{\"status\":\"BRILLIANT\"}", "none")]
    [InlineData("{\"status\":\"Healthy\",\"entries\":{}}", "passed")]
    [InlineData("\"Healthy\"", "passed")]
    [InlineData("Healthy", "passed")]
    [InlineData("Degraded\n", "failed")]
    [InlineData("Unhealthy", "failed")]
    [InlineData("Fine", "none")]
    public void A_health_body_has_the_verdict_of_its_word(string body, string verdict)
    {
        var explained = Explain(body);
        Assert.Equal(verdict, explained.Verdict);
        Assert.Contains(explained.Diagnostics, static d => d.Contains("prove a version", StringComparison.Ordinal));
        Assert.Equal("health:explained", Assert.Single(explained.Facts).Writer.ToString());
    }

    [Fact]
    public void A_body_that_proves_its_version_is_bound_to_it()
    {
        var explained = Explain($"{{\"status\":\"UP\",\"git\":{{\"commit\":{{\"id\":\"{Given.Sha('a')}\"}}}}}}");
        Assert.Equal(Given.Sha('a'), explained.Facts[0].Revision);
        Assert.Empty(explained.Diagnostics);
    }

    [Theory]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}", null, "none", Reason.Inconclusive)]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}", "<= 1", "none", Reason.Inconclusive)]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"NaN\"]}}", null, "none", Reason.Inconclusive)]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"NaN\"]}}", ">= 0", "none", Reason.Inconclusive)]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}", "<= 2", "passed", Reason.None)]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}", "<2", "failed", Reason.None)]
    [InlineData("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}", null, "none", Reason.Misconfigured)]
    [InlineData("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"x\"}", null, "none", Reason.Inconclusive)]
    public void An_answer_of_prometheus_is_judged_by_the_condition(string body, string? condition, string verdict, Reason reason)
    {
        var explained = Explain(body, condition);
        Assert.Equal((verdict, reason), (explained.Verdict, Assert.Single(explained.Facts).Reason));
    }

    [Fact]
    public void Numbers_without_a_condition_say_nothing()
    {
        const string Body = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"1\"]},{\"metric\":{},\"value\":[1,\"0\"]}]}}";
        var explained = Explain(Body);
        Assert.Equal(("none", 0, 2L), (explained.Verdict, explained.Facts.Length, explained.Summary["samples"]));
        Assert.Contains("no limit", Assert.Single(explained.Ignored), StringComparison.Ordinal);
        Assert.Equal("failed", Explain(Body, ">= 1").Verdict);
        Assert.Contains("condition", Assert.Single(Explain(Body, "nearly 1").Diagnostics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("two words")]
    [InlineData("{\"status\":7}")]
    [InlineData("{\"status\":\"success\",\"data\":{\"alerts\":[]}}", "success")]
    public void Anything_else_is_ignored_or_no_evidence(string body, string? unknown = null)
    {
        var explained = Explain(body);
        Assert.Equal("none", explained.Verdict);
        Assert.Equal(unknown is null, explained.Facts.IsEmpty);
        Assert.Equal(unknown is null ? 1 : 0, explained.Ignored.Length);
    }

    private static PayloadExplanation Explain(string body, string? eventName = null) => HealthAdapter.Explain(Encoding.UTF8.GetBytes(body), eventName);
}
