using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class GenericWebhookTests
{
    private readonly IWebhookTranslator _translator = Given.Translator();

    [Theory]
    [InlineData("SUCCESS", GateStatus.Passed, Reason.None)]
    [InlineData("FAILURE", GateStatus.Failed, Reason.None)]
    [InlineData("UNSTABLE", GateStatus.Failed, Reason.None)]
    [InlineData("ABORTED", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("NOT_BUILT", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("OK", GateStatus.Waiting, Reason.Unrecognized)]
    public void An_ended_build_has_the_status_of_its_result(string result, GateStatus status, Reason reason)
    {
        var fact = _translator.Translate(Given.Delivery(Body(result, building: false))).State();
        Assert.Equal((status, reason), (fact.Status, fact.Reason));
        Assert.Equal(new Ordinal(311, 1, 3), fact.Ordinal);
        Assert.Equal(Given.Start + Given.Took, fact.OccurredAt);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public void A_result_so_far_of_a_build_that_may_still_fail_does_not_pass(bool? building)
    {
        var fact = _translator.Translate(Given.Delivery(Body("SUCCESS", building))).State();
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Equal(Given.Start, fact.OccurredAt);
    }

    [Fact]
    public void It_is_about_the_commit_that_was_built_whatever_else_it_names()
    {
        var fact = _translator.Translate(Given.Delivery(Body("SUCCESS", building: false, commits: "bca"))).State();
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], fact.Links);
        Assert.Equal((Given.Sha('a'), "acme/web"), (fact.Revision, fact.Attribute(FactAttributes.Repository)));
    }

    [Fact]
    public void Without_a_timestamp_the_time_of_receipt_stands_in_and_is_marked()
    {
        var body = Body("SUCCESS", building: false);
        body.Remove("timestamp");
        var fact = _translator.Translate(Given.Delivery(body)).State();
        Assert.Equal(Given.Start + TimeSpan.FromHours(1), fact.OccurredAt);
        Assert.Equal("clamped", fact.Attribute(FactAttributes.Clock));
    }

    [Theory]
    [InlineData("{\"job\":\"\",\"number\":1}")]
    [InlineData("{\"job\":7,\"number\":1}")]
    [InlineData("{\"job\":\"web-main\"}")]
    [InlineData("{\"job\":\"web-main\",\"number\":\"1\"}")]
    [InlineData("{\"job\":\"web-main\",\"number\":0}")]
    [InlineData("{\"job\":\"web-main\",\"number\":1,\"url\":\"https://ci.acme.example/job/web-main/2/\"}")]
    public void What_contradicts_the_form_is_malformed(string body) =>
        Assert.Equal(TranslationOutcome.Malformed, _translator.Translate(Given.Delivery(body)).Outcome);

    [Theory]
    [InlineData("{\"job\":\"other\",\"number\":1}")]
    [InlineData("{\"job\":\"web-main\",\"number\":1,\"url\":\"https://evil.example/job/web-main/1/\"}")]
    public void Other_jobs_and_other_servers_are_ignored(string body) =>
        Assert.Equal(TranslationOutcome.Ignored, _translator.Translate(Given.Delivery(body)).Outcome);

    private static JsonObject Body(string result, bool? building, string commits = "")
    {
        var body = new JsonObject
        {
            ["job"] = "web-main",
            ["number"] = 311,
            ["url"] = "https://ci.acme.example/job/web-main/311/",
            ["result"] = result,
            ["timestamp"] = Given.Start.ToUnixTimeMilliseconds(),
            ["duration"] = (long)Given.Took.TotalMilliseconds,
            ["commit"] = Given.Sha('a'),
            ["commits"] = new JsonArray([.. commits.Select(static c => JsonValue.Create(Given.Sha(c)))]),
        };
        if (building is not null) body["building"] = building;
        return body;
    }
}
