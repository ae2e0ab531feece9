using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Where only required checks count, only they pass and fail main CI, and nothing passes where they are not known.</summary>
public sealed class RequiredChecksTests : IDisposable
{
    private static readonly Key Landing = Key.Commit("acme/web", Payloads.Landing);
    private readonly FakeGitHub _github = new();

    public void Dispose() => _github.Dispose();

    [Theory]
    [InlineData("success!", "success", GateStatus.Passed)]
    [InlineData("success!", "failure", GateStatus.Passed)]
    [InlineData("failure!", "success", GateStatus.Failed)]
    [InlineData("success", "success", GateStatus.Waiting)]
    [InlineData("skipped!", "success", GateStatus.Waiting)]
    [InlineData("cancelled!", "success", GateStatus.Waiting)]
    public async Task Only_required_checks_decide(string first, string second, GateStatus expected)
    {
        Given(first, second);
        var result = await ReadAsync();
        Assert.Equal(expected, Assert.Single(result.Facts, static f => f.Name == "rollup").Status);
        Assert.Equal(2, _github.Requests.Count);
        Assert.Contains("isRequired(pullRequestNumber: 12)", _github.Queries.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_without_a_pull_request_or_with_an_answer_that_failed_has_no_pass()
    {
        Given("success!", "success!", number: null);
        Assert.Equal(GateStatus.Waiting, Assert.Single((await ReadAsync()).Facts, static f => f.Name == "rollup").Status);
        Given("success!", "success!");
        var second = _github.Intercept!;
        foreach (var (status, body) in ((int, string)[])[(500, "oops"), (200, """{"data":{"r0":{"c0":null}}}"""), (200, """{"data":{"r0":{"c0":{}}},"errors":[{"type":"FORBIDDEN","message":"no"}]}""")])
        {
            _github.Intercept = (request, text) => second(request, text) is null ? null : FakeGitHub.Status(status, body);
            Assert.DoesNotContain((await ReadAsync()).Facts, static f => f.Status == GateStatus.Passed && !f.IsPartial);
        }
    }

    [Fact]
    public async Task A_workflow_that_has_not_ended_may_still_bring_a_required_check()
    {
        Given("success!", "success");
        _github.Repository("acme/web")["commits"]![Payloads.Landing]!["checkSuites"]!["nodes"]!.AsArray().Add(new JsonObject { ["status"] = "IN_PROGRESS", ["workflowRun"] = new JsonObject { ["databaseId"] = 77, ["event"] = "push" } });
        Assert.Equal(GateStatus.Running, Assert.Single((await ReadAsync()).Facts, static f => f.Name == "rollup").Status);
    }

    private void Given(string first, string second, int? number = 12)
    {
        JsonObject[] runs = [Payloads.CheckRun("completed", first.TrimEnd('!'), 40, 50), Payloads.CheckRun("completed", second.TrimEnd('!'), 40, 51, 502, "lint")];
        var commit = _github.Checks("FAILURE", runs);
        commit["associatedPullRequests"] = new JsonObject { ["nodes"] = number is { } found ? new JsonArray(new JsonObject { ["number"] = found }) : new JsonArray() };
        var contexts = FakeGitHub.Contexts(runs);
        contexts["nodes"]![0]!["isRequired"] = first.EndsWith('!');
        contexts["nodes"]![1]!["isRequired"] = second.EndsWith('!');
        _github.Intercept = (_, body) => body.Contains("isRequired", StringComparison.Ordinal)
            ? FakeGitHub.Json(new JsonObject { ["data"] = new JsonObject { ["r0"] = new JsonObject { ["c0"] = new JsonObject { ["statusCheckRollup"] = new JsonObject { ["state"] = "FAILURE", ["contexts"] = contexts.DeepClone() } } } } }.ToJsonString())
            : null;
        _github.Requests.Clear();
    }

    private Task<ProbeResult> ReadAsync() => _github.ReadAsync(_github.Probe(static o => o.RequiredChecksOnly = true), null, Landing);
}
