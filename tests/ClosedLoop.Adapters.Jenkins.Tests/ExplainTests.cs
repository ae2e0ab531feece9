using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>Files without configuration.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void A_build_names_what_it_built_and_its_change_log()
    {
        var explained = Explain(Given.Build(10, "SUCCESS", 'c', "bc"));
        Assert.Equal("passed", explained.Verdict);
        Assert.Equal([Given.Sha('c'), Given.Sha('b')], Commits(explained));
        var fact = Assert.Single(explained.Facts);
        Assert.Equal(("build:https://ci.acme.example/job/web-main/10", "acme/web"), (fact.Subject.ToString(), fact.Attribute(FactAttributes.Repository)));
        Assert.Equal([Key.Commit("acme/web", Given.Sha('c'))], fact.Links);
    }

    [Theory]
    [InlineData("https://git.acme.example/acme/ci-library.git", true)]
    [InlineData("https://git.acme.example/acme/ci-library.git", false)]
    [InlineData("git@git.acme.example:tools/groovy.git", false)]
    public void A_shared_library_is_dropped_with_its_change_log_wherever_it_stands(string library, bool first)
    {
        var build = Given.Build(10, "FAILURE", 'c', "bc");
        var actions = (JsonArray)build["actions"]!;
        actions.Insert(first ? 0 : actions.Count, Given.BuildData('e', library, "main"));
        ((JsonArray)build["changeSets"]!).Insert(0, new JsonObject { ["items"] = new JsonArray(new JsonObject { ["commitId"] = Given.Sha('e') }, new JsonObject { ["commitId"] = Given.Sha('f') }) });
        var explained = Explain(build);
        Assert.Equal(("failed", Given.Sha('c')), (explained.Verdict, explained.Facts[0].Revision));
        Assert.Equal([Given.Sha('c'), Given.Sha('b')], Commits(explained));
    }

    [Fact]
    public void A_build_without_git_data_covers_its_change_log_and_does_not_say_of_which_repository()
    {
        var explained = Explain(Given.Build(10, "SUCCESS", revision: null, "a"));
        Assert.Equal([Given.Sha('a')], Commits(explained));
        Assert.Empty(explained.Facts[0].Links);
        Assert.Contains(explained.Diagnostics, static d => d.Contains("which repository", StringComparison.Ordinal));
    }

    [Fact]
    public void A_notification_a_generic_payload_and_a_cloud_event_say_the_same()
    {
        var notified = Explain(Given.Notification(10, "COMPLETED", "SUCCESS"));
        Assert.Equal(("passed", "acme/web"), (notified.Verdict, notified.Facts[0].Attribute(FactAttributes.Repository)));
        Assert.Equal([Given.Sha('a')], Commits(notified));

        var generic = Explain(new JsonObject { ["job"] = "acme/web", ["number"] = 3, ["building"] = false, ["result"] = "FAILURE", ["commit"] = Given.Sha('b') });
        Assert.Equal("failed", generic.Verdict);
        Assert.Equal([Given.Sha('b')], Commits(generic));

        var build = (JsonObject)Given.Notification(10, "STARTED")["build"]!.DeepClone();
        build["fullUrl"] = build["full_url"]!.DeepClone();
        build.Remove("full_url");
        var data = new JsonObject { ["name"] = "web-main", ["build"] = build };
        Assert.Equal("running", Explain(data, "org.jenkinsci.job.started").Verdict);
        Assert.Equal("none", Explain(new JsonObject { ["name"] = "web-main" }, "org.jenkinsci.job.created").Verdict);
    }

    [Fact]
    public void A_jobs_list_of_builds_is_explained_build_by_build()
    {
        var full = new JsonObject { ["url"] = "https://ci.acme.example/job/web-main/", ["builds"] = new JsonArray(Given.Build(12, null, 'd', "d"), Given.Build(11, "SUCCESS", 'c', "bc"), new JsonObject { ["number"] = 7, ["url"] = "https://ci.acme.example/job/web-main/7/" }) };
        var explained = Explain(full);
        Assert.Equal(("running", 2, 1), (explained.Verdict, explained.Facts.Length, explained.Ignored.Length));
        Assert.Equal([Given.Sha('d'), Given.Sha('c'), Given.Sha('b')], Commits(explained));
        Assert.Equal(2, Explain(new JsonArray(Given.Build(1, "SUCCESS"), Given.Build(2, "FAILURE"))).Facts.Length);
    }

    [Fact]
    public void A_queue_item_waits_is_cancelled_or_has_become_a_build()
    {
        var item = new JsonObject
        {
            ["id"] = 143,
            ["why"] = "Waiting for next available executor",
            ["inQueueSince"] = Given.Start.ToUnixTimeMilliseconds(),
            ["task"] = new JsonObject { ["name"] = "web-main", ["url"] = "https://ci.acme.example/job/web-main/" },
        };
        var waiting = Explain(item);
        Assert.Equal("none", waiting.Verdict);
        Assert.Contains("Waiting for next available executor", waiting.Facts[0].Detail, StringComparison.Ordinal);
        item["cancelled"] = true;
        Assert.Equal(Reason.Cancelled, Explain(item).Facts[0].Reason);
        item["cancelled"] = false;
        item["executable"] = new JsonObject { ["number"] = 14 };
        var running = Explain(item);
        Assert.Equal(("running", "build:https://ci.acme.example/job/web-main/14"), (running.Verdict, running.Facts[1].Subject.ToString()));
    }

    [Theory]
    [InlineData("IN_PROGRESS", "running", Reason.None)]
    [InlineData("PAUSED_PENDING_INPUT", "running", Reason.AwaitingApproval)]
    [InlineData("SUCCESS", "passed", Reason.None)]
    [InlineData("FAILED", "failed", Reason.None)]
    [InlineData("UNSTABLE", "failed", Reason.None)]
    [InlineData("ABORTED", "none", Reason.Cancelled)]
    [InlineData("NOT_EXECUTED", "none", Reason.Cancelled)]
    [InlineData("FAILURE_OF_ANOTHER_KIND", "none", Reason.Unrecognized)]
    public void A_run_with_stages_has_the_verdict_of_its_status(string status, string verdict, Reason reason)
    {
        var explained = Explain(new JsonObject
        {
            ["_links"] = new JsonObject { ["self"] = new JsonObject { ["href"] = "/jenkins/job/Web%20Main/16/wfapi/describe" } },
            ["id"] = "2014-10-16_13-07-52",
            ["name"] = "#16",
            ["status"] = status,
            ["startTimeMillis"] = Given.Start.ToUnixTimeMilliseconds(),
            ["stages"] = new JsonArray(new JsonObject { ["name"] = "Build", ["status"] = "SUCCESS" }),
        });
        Assert.Equal((verdict, reason, "Web Main"), (explained.Verdict, explained.Facts[0].Reason, explained.Facts[0].Name));
        Assert.Equal("Build: SUCCESS", Assert.Single((ImmutableArray<string>)explained.Summary["stages"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{\"build\":{}}")]
    [InlineData("{\"building\":false}")]
    [InlineData("{\"building\":false,\"number\":1}")]
    [InlineData("{\"building\":false,\"number\":1,\"url\":\"https://x/y/1\"}")]
    [InlineData("{\"job\":\"a/../b\",\"number\":1}")]
    [InlineData("{\"stages\":[],\"_links\":{\"self\":{\"href\":\"/wfapi/\"}}}")]
    [InlineData("{\"task\":{}}")]
    public void Anything_else_is_ignored_with_a_reason(string text)
    {
        var explained = JenkinsAdapter.Explain(Encoding.UTF8.GetBytes(text));
        Assert.Equal("none", explained.Verdict);
        Assert.Empty(explained.Facts);
        Assert.Equal(text == "[]", explained.Ignored.IsEmpty);
    }

    private static string[] Commits(PayloadExplanation explained) => [.. (ImmutableArray<string>)explained.Summary["commits"]];

    private static PayloadExplanation Explain(JsonNode json, string? eventName = null) => JenkinsAdapter.Explain(Encoding.UTF8.GetBytes(json.ToJsonString()), eventName);
}
