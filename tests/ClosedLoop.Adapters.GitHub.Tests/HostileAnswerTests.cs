using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Whatever an answer or a delivery holds, nothing throws, nothing red turns green, and no address in it is followed.</summary>
public sealed class HostileAnswerTests : IDisposable
{
    private readonly FakeGitHub _github = new();

    public void Dispose() => _github.Dispose();

    [Fact]
    public async Task Mutated_answers_throw_nothing_and_pass_nothing()
    {
        var random = new Random(20_261_121);
        _github.Add(Payloads.PullRequest("opened", 10), Payloads.Review("submitted", "changes_requested", 11)).Lines.Chain(3);
        var commit = _github.Checks("FAILURE", Payloads.CheckRun("completed", "success", 40, 50), Payloads.CheckRun("completed", "failure", 40, 51, 502, "lint"), Payloads.Status("error", 60));
        commit["associatedPullRequests"] = new JsonObject { ["nodes"] = new JsonArray(new JsonObject { ["number"] = 12 }) };
        _github.Repository("acme/web")["pulls"]!["12"]!["timelineItems"] = JsonNode.Parse("""{"nodes":[{"__typename":"RemovedFromMergeQueueEvent","createdAt":"2026-03-02T09:00:25Z","reason":"CI_FAILURE"}]}""");
        using var plain = new HttpMessageInvoker(_github, disposeHandler: false);
        for (int i = 0; i < 1_500; i++)
        {
            bool mutatesBytes = i % 3 == 0;
            string? query = null;
            _github.Intercept = (request, body) =>
            {
                if (query == body || request.Method == HttpMethod.Get) return null;
                query = body;
                using var copy = new HttpRequestMessage(HttpMethod.Post, request.RequestUri) { Content = new StringContent(body) };
                byte[] answer = plain.SendAsync(copy, CancellationToken.None).GetAwaiter().GetResult().Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
                return FakeGitHub.Json(Encoding.UTF8.GetString(mutatesBytes ? Mutation.Bytes(answer, random) : Mutation.Values(answer, random)));
            };
            _github.Requests.Clear();
            var probe = _github.Probe(o => (o.FollowMergeQueue, o.RequiredChecksOnly) = (true, i % 2 == 0));
            var result = await _github.ReadAsync(probe, i % 4 == 0 ? Payloads.Start : null, Key.PullRequest("acme/web", 12), Key.Commit("acme/web", Payloads.Landing));
            Assert.DoesNotContain(result.Facts, static f => f is { Status: GateStatus.Passed, IsPartial: false } && f.Kind is Gates.MainCi or Gates.Reviewed);
            Assert.All(_github.Requests, static r => Assert.Equal("api.github.com", r.Request.RequestUri!.Host));
            Assert.DoesNotContain("ghp_secret_token", $"{result.Detail} {string.Join(' ', result.Diagnostics)}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Mutated_deliveries_throw_nothing_and_no_red_one_passes_a_gate()
    {
        var random = new Random(42);
        var translator = Hook.Translator();
        (string Name, JsonObject Payload)[] red =
        [
            ("pull_request", Payloads.Closed(30)),
            ("pull_request", Payloads.Dequeued("CI_FAILURE")),
            ("pull_request_review", Payloads.Review("submitted", "changes_requested", 20)),
            ("check_run", Payloads.CheckRun("completed", "failure", 40, 50)),
            ("status", Payloads.Status("failure", 50)),
            ("workflow_run", Payloads.WorkflowRun("completed", "failure", 50)),
            ("deployment_status", Payloads.DeploymentStatus("failure", 70)),
            ("merge_group", Payloads.MergeGroup("destroyed", "merged")),
        ];
        for (int i = 0; i < 4_000; i++)
        {
            var (name, payload) = red[random.Next(red.Length)];
            byte[] body = Encoding.UTF8.GetBytes(payload.ToJsonString());
            var translation = translator.Translate(Hook.Delivery(name, i % 2 == 0 ? Mutation.Bytes(body, random) : Mutation.Values(body, random)));
            // That a pull request is open is not red.
            Assert.DoesNotContain(translation.Facts, static f => f.Status == GateStatus.Passed && f.Kind != Gates.PrOpened);
        }
    }

    [Fact]
    public void Half_a_character_is_no_text()
    {
        string delivery = Payloads.Merged(30).ToJsonString().Replace("Fix login", "Fix \\ud800", StringComparison.Ordinal);
        var translation = Hook.Translator().Translate(Hook.Delivery("pull_request", Encoding.UTF8.GetBytes(delivery)));
        Assert.Equal(GateStatus.Passed, translation.Only(Gates.Merged).Status);
        Assert.NotEmpty(GitHubAdapter.Explain(Encoding.UTF8.GetBytes(delivery), null).Facts);
        Assert.Equal("none", GitHubAdapter.Explain("""[{"name":"\ud800","status":"COMPLETED","conclusion":"SUCCESS"}]"""u8.ToArray(), "rollup").Verdict);
    }
}
