using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Gitea.Tests;

/// <summary>Payloads that are broken by chance: nothing throws, and what decides a gate is never passed when it is garbage.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private static readonly string[] Garbage = ["null", "true", "-1", "1e308", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[]]", "{\"id\":{}}", "\"../../etc/passwd\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "0", "\"" + new string('x', 3000) + "\""];
    private FakeGitea _gitea = null!;

    public async Task InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public async Task DisposeAsync() => await _gitea.DisposeAsync();

    [Fact]
    public void Bytes_that_are_changed_by_chance_never_throw()
    {
        var random = new Random(20260105);
        var payloads = Payloads();
        var translator = Given.Translator();
        for (int i = 0; i < 6000; i++)
        {
            var payload = payloads[random.Next(payloads.Count)];
            byte[] body = Encoding.UTF8.GetBytes(payload.ToJsonString());
            for (int change = random.Next(1, 6); change > 0; change--) body[random.Next(body.Length)] = (byte)random.Next(256);
            if (random.Next(5) == 0) body = body[..random.Next(body.Length)];
            string name = payload["event"]?.ToString() ?? "push";
            Check(translator.Translate(Given.Delivery(body, name)).Facts);
            Check(GiteaAdapter.Explain(body, random.Next(2) == 0 ? null : name).Facts);
            Check(GiteaAdapter.Explain("payload="u8.ToArray().Concat(body).ToArray(), null).Facts);
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
            var payload = (JsonObject)payloads[random.Next(payloads.Count)].DeepClone();
            string name = payload["event"]?.ToString() ?? "pull_request";
            for (int change = random.Next(1, 4); change > 0; change--) Replace(payload, random);
            byte[] body = Encoding.UTF8.GetBytes(payload.ToJsonString());
            Check(translator.Translate(Given.Delivery(body, name)).Facts);
            Check(GiteaAdapter.Explain(body, random.Next(2) == 0 ? null : "status").Facts);
        }
    }

    [Theory]
    [InlineData("merge", "merged", Gates.Merged)]
    [InlineData("review", "type", Gates.Reviewed)]
    [InlineData("run", "conclusion", Gates.MainCi)]
    [InlineData("run", "head_sha", Gates.MainCi)]
    [InlineData("status", "state", Gates.MainCi)]
    [InlineData("status", "sha", Gates.MainCi)]
    public void What_decides_passes_nothing_when_it_is_garbage(string which, string field, string gate)
    {
        _gitea.Open(7, 10);
        var payload = which switch
        {
            "merge" => _gitea.Merge(7, 20),
            "review" => _gitea.Review(7, "APPROVED"),
            "run" => _gitea.Run(5, 20, "completed", "success"),
            _ => _gitea.Status(20, "ci", "success"),
        };
        string name = payload["event"]!.ToString();
        payload.Remove("event");
        string text = payload.ToJsonString();
        Assert.Contains(Given.Translator().Translate(Given.Delivery(Encoding.UTF8.GetBytes(text), name)).Facts, f => f.Kind == gate && f.Status == GateStatus.Passed);
        foreach (string garbage in Garbage.Append("\"passed\"").Append("\"APPROVED!\"").Append("\"sucess\"").Append("\"true\"").Where(g => field != "merged" || g != "true"))
        {
            string broken = System.Text.RegularExpressions.Regex.Replace(text, $"\"{field}\":(\"[^\"]*\"|true)", _ => $"\"{field}\":{garbage}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
            Assert.DoesNotContain(Given.Translator().Translate(Given.Delivery(Encoding.UTF8.GetBytes(broken), name)).Facts, f => f.Kind == gate && f.Status == GateStatus.Passed);
        }
    }

    [Fact]
    public async Task Answers_that_are_broken_by_chance_never_throw_and_never_leave_a_probe_without_a_reason()
    {
        _gitea.Open(7, 10);
        _gitea.Review(7, "APPROVED");
        _gitea.Commit(20, "Merge", 1);
        _gitea.Merge(7, 20);
        _gitea.Status(20, "ci", "success");
        var random = new Random(99);
        for (int i = 0; i < 150; i++)
        {
            int victim = random.Next(1, 10), seen = 0, seed = random.Next();
            _gitea.Instead = async context =>
            {
                if (Interlocked.Increment(ref seen) != victim) return false;
                string garbage = Garbage[new Random(seed).Next(Garbage.Length)];
                await context.Response.WriteAsync(seed % 3 == 0 ? "[" + garbage + "]" : seed % 3 == 1 ? garbage : "{\"id\":" + garbage + ",\"commit\":{\"id\":" + garbage + "},\"statuses\":[{\"id\":1,\"status\":" + garbage + "},{\"id\":2,\"status\":\"success\",\"created_at\":\"2026-01-05T10:00:00Z\"}]}");
                return true;
            };
            var result = await _gitea.Adapter(static o => o.CompleteChecks.Add("ci.yml")).Probe!.ProbeAsync(
                new ProbeBatch { Source = "gitea", SweepSince = Given.Start.AddDays(-1), At = Given.Start, Keys = [Key.PullRequest(FakeGitea.Repository, 7)], Lines = [new LineGap(FakeGitea.Repository, "main", null)] }, CancellationToken.None);
            Check(result.Facts);
            Assert.True(result.Outcome == ProbeOutcome.Reached || result.Detail is not null);
        }
    }

    [Fact]
    public void Input_of_any_other_kind_is_explained_with_a_reason()
    {
        foreach (string text in new[] { "", "{", "null", "1", "[]", "[1,null]", "{}", "payload=", "payload=%7B", "{\"repository\":{},\"sender\":{}}", new string('[', 2000), "{\"repository\":{\"full_name\":\"a/b\"},\"action\":\"opened\",\"pull_request\":{}}" })
        {
            var explanation = GiteaAdapter.Explain(Encoding.UTF8.GetBytes(text), null);
            Assert.Equal(("none", 0), (explanation.Verdict, explanation.Facts.Length));
            Assert.True(text == "[]" || explanation.Ignored.Length > 0, text);
        }
    }

    private List<JsonObject> Payloads()
    {
        _gitea.Open(7, 10);
        List<JsonObject> hooks = [_gitea.Hook(7, "opened"), _gitea.Synchronize(7, 11), _gitea.Review(7, "APPROVED"), _gitea.Merge(7, 20), _gitea.Status(20, "ci", "success"), _gitea.Run(5, 20, "completed", "success"), _gitea.Push(21, (20, "Work-Item: BL-7"), (21, "x"))];
        return [.. hooks, _gitea.Pulls[7], _gitea.Reviews[7][0], _gitea.Statuses[FakeGitea.Sha(20)][0], _gitea.Commits[0]];
    }

    private static void Replace(JsonNode node, Random random)
    {
        while (true)
        {
            var next = node switch
            {
                JsonObject { Count: > 0 } o => o.ElementAt(random.Next(o.Count)),
                JsonArray { Count: > 0 } a => new KeyValuePair<string, JsonNode?>("0", a[0]),
                _ => default,
            };
            if (next.Key is null or "event") return;
            if (next.Value is JsonObject or JsonArray && random.Next(4) > 0)
            {
                node = next.Value;
                continue;
            }
            string garbage = Garbage[random.Next(Garbage.Length)];
            // Half a surrogate pair cannot be written by the serializer; the bytes test covers it.
            var value = garbage.Contains("ud800", StringComparison.Ordinal) ? JsonValue.Create("?") : JsonNode.Parse(garbage);
            if (node is JsonObject owner) owner[next.Key] = value;
            else ((JsonArray)node)[0] = value;
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
