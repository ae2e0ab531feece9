using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.GitLab.Tests;

/// <summary>Payloads that are broken by chance: nothing throws, and what decides a gate is never passed when it is garbage.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private static readonly string[] Garbage = ["null", "true", "-1", "1e308", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[]]", "{\"id\":{}}", "\"../../etc/passwd\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31 23:59:59 UTC\"", "0", "\"" + new string('x', 3000) + "\""];
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync() => _gitlab = await FakeGitLab.StartAsync();

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    [Fact]
    public void Bytes_that_are_changed_by_chance_never_throw()
    {
        var random = new Random(20260105);
        byte[][] bodies = [.. Payloads().Select(static p => Encoding.UTF8.GetBytes(p.ToJsonString()))];
        var translator = Given.Translator();
        for (int i = 0; i < 6000; i++)
        {
            byte[] body = [.. bodies[random.Next(bodies.Length)]];
            for (int change = random.Next(1, 6); change > 0; change--) body[random.Next(body.Length)] = (byte)random.Next(256);
            if (random.Next(5) == 0) body = body[..random.Next(body.Length)];
            Check(translator.Translate(Given.Delivery(body)).Facts);
            Check(GitLabAdapter.Explain(body, null).Facts);
        }
    }

    [Fact]
    public void Values_that_are_replaced_by_garbage_never_throw()
    {
        var random = new Random(4711);
        var payloads = Payloads();
        var translator = Given.Translator();
        for (int i = 0; i < 6000; i++)
        {
            var payload = payloads[random.Next(payloads.Count)].DeepClone();
            for (int change = random.Next(1, 4); change > 0; change--) Replace(payload, random);
            byte[] body = Encoding.UTF8.GetBytes(payload.ToJsonString());
            Check(translator.Translate(Given.Delivery(body)).Facts);
            Check(GitLabAdapter.Explain(body, random.Next(2) == 0 ? null : "merge_request").Facts);
        }
    }

    [Theory]
    [InlineData("merge", "object_attributes/state", Gates.Merged)]
    [InlineData("approve", "object_attributes/action", Gates.Reviewed)]
    [InlineData("pipeline", "object_attributes/status", Gates.MainCi)]
    [InlineData("pipeline", "object_attributes/sha", Gates.MainCi)]
    [InlineData("pipeline", "object_attributes/ref", Gates.MainCi)]
    [InlineData("deploy", "status", Gates.RolledOut)]
    [InlineData("deploy", "commit_url", Gates.RolledOut)]
    public void What_decides_passes_nothing_when_it_is_garbage(string which, string path, string gate)
    {
        _gitlab.Open(4, 10);
        var payload = which switch
        {
            "approve" => _gitlab.Approve(4),
            "merge" => _gitlab.Merge(4, 20),
            "pipeline" => _gitlab.Pipeline(31, 20, "success"),
            _ => _gitlab.Deploy(15, 20, "success"),
        };
        Assert.Equal(GateStatus.Passed, Given.Translate(payload).Only(gate).Status);
        foreach (string garbage in Garbage.Append("\"passed\"").Append("\"MERGED\"").Append("\"sucess\""))
        {
            var changed = payload.DeepClone();
            string[] parts = path.Split('/');
            var owner = parts[..^1].Aggregate(changed, static (node, part) => node[part]!);
            string text = changed.ToJsonString();
            byte[] body = Encoding.UTF8.GetBytes(text.Replace($"\"{parts[^1]}\":{owner[parts[^1]]!.ToJsonString()}", $"\"{parts[^1]}\":{garbage}", StringComparison.Ordinal));
            Assert.DoesNotContain(Given.Translator().Translate(Given.Delivery(body)).Facts, f => f.Kind == gate && f.Status == GateStatus.Passed);
        }
    }

    [Fact]
    public async Task Answers_that_are_broken_by_chance_never_throw_and_never_leave_a_probe_without_a_reason()
    {
        _gitlab.Open(4, 10);
        _gitlab.Approve(4);
        _gitlab.Commit(20, "Merge", 1);
        _gitlab.Merge(4, 20);
        _gitlab.Pipeline(31, 20, "success");
        _gitlab.Deploy(15, 20, "success");
        var random = new Random(99);
        for (int i = 0; i < 150; i++)
        {
            int victim = random.Next(1, 14), seen = 0, seed = random.Next();
            _gitlab.Instead = async context =>
            {
                if (Interlocked.Increment(ref seen) != victim) return false;
                string garbage = Garbage[new Random(seed).Next(Garbage.Length)];
                await context.Response.WriteAsync(seed % 3 == 0 ? "[" + garbage + "]" : seed % 3 == 1 ? garbage : "{\"id\":" + garbage + ",\"commit\":{\"id\":" + garbage + "},\"approved\":true,\"approved_by\":" + garbage + "}");
                return true;
            };
            var result = await _gitlab.Adapter().Probe!.ProbeAsync(
                new ProbeBatch { Source = "gitlab", SweepSince = Given.Start.AddDays(-1), At = Given.Start, Keys = [Key.PullRequest(FakeGitLab.Project, 4)], Lines = [new LineGap(FakeGitLab.Project, "main", null)] }, CancellationToken.None);
            Check(result.Facts);
            Assert.True(result.Outcome == ProbeOutcome.Reached || result.Detail is not null);
        }
    }

    [Fact]
    public void Input_of_any_other_kind_is_explained_with_a_reason()
    {
        foreach (string text in new[] { "", "{", "null", "1", "\"x\"", "[]", "[1,null,[]]", "{}", "{\"object_kind\":1}", "{\"object_kind\":\"\"}", new string('[', 2000), "\u0000", "{\"object_kind\":\"merge_request\",\"project\":{\"path_with_namespace\":\"a/b\"}}" })
        {
            var explanation = GitLabAdapter.Explain(Encoding.UTF8.GetBytes(text), "Merge Request Hook");
            Assert.Equal(("none", 0), (explanation.Verdict, explanation.Facts.Length));
            Assert.True(text == "[]" || explanation.Ignored.Length > 0, text);
        }
    }

    private List<JsonObject> Payloads()
    {
        _gitlab.Open(4, 10);
        _gitlab.Reviewers[4] = [new JsonObject { ["id"] = 9, ["state"] = "approved" }];
        List<JsonObject> hooks = [_gitlab.Hook(4, "open"), _gitlab.Approve(4), _gitlab.Merge(4, 20), _gitlab.Pipeline(31, 20, "success"), _gitlab.Deploy(15, 20, "success"), _gitlab.Push(21, (20, "Work-Item: BL-7"), (21, "This reverts merge request !4"))];
        return [.. hooks, _gitlab.MergeRequests[4], _gitlab.Pipelines[31], _gitlab.Deployments[15], _gitlab.Commits[FakeGitLab.Sha(1)]];
    }

    private static void Replace(JsonNode node, Random random)
    {
        while (true)
        {
            var next = node switch
            {
                JsonObject { Count: > 0 } o => o.ElementAt(random.Next(o.Count)),
                JsonArray { Count: > 0 } a => new KeyValuePair<string, JsonNode?>(random.Next(a.Count).ToString(System.Globalization.CultureInfo.InvariantCulture), a[random.Next(a.Count)]),
                _ => default,
            };
            if (next.Key is null) return;
            if (next.Value is JsonObject or JsonArray && random.Next(4) > 0)
            {
                node = next.Value;
                continue;
            }
            string garbage = Garbage[random.Next(Garbage.Length)];
            // Half a surrogate pair cannot be written by the serializer; the bytes test covers it.
            var value = garbage.Contains("ud800", StringComparison.Ordinal) ? JsonValue.Create("?") : JsonNode.Parse(garbage);
            if (node is JsonObject owner) owner[next.Key] = value;
            else ((JsonArray)node)[int.Parse(next.Key, System.Globalization.CultureInfo.InvariantCulture)] = value;
            return;
        }
    }

    private static void Check(IReadOnlyCollection<Fact> facts)
    {
        foreach (var fact in facts)
        {
            Assert.False(fact.Subject.IsEmpty);
            Assert.True(fact.Revision is null || fact.Revision.Length is 40 or 64);
            Assert.True(fact.Status != GateStatus.Passed || fact.Reason == Reason.None);
            _ = JsonSerializer.Serialize(fact);
        }
    }
}
