using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>Nothing that a sender or a Jenkins says throws, and nothing that is broken passes a gate.</summary>
public sealed class HostileInputTests
{
    private const int Cases = 4_000;
    private const string Canary = "canary-7f3a91c2e5";

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e999", "9223372036854775807", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "\"../../x\"", "\"SUCCESS \"", "\"https://evil.example/job/web-main/1/\"",
        "\"" + new string('x', 3000) + "\"",
    ];

    public static IEnumerable<string> Payloads()
    {
        yield return Given.Notification(311, "COMPLETED", "FAILURE").ToJsonString();
        yield return Given.Notification(311, "QUEUED").ToJsonString();
        yield return Given.Build(12, "FAILURE", 'c', "bc").ToJsonString();
        yield return Given.Build(12, null, 'c', "bc").ToJsonString();
        yield return new JsonObject { ["job"] = "web-main", ["number"] = 3, ["building"] = false, ["result"] = "FAILURE", ["commit"] = Given.Sha('b'), ["timestamp"] = 5, ["duration"] = 6 }.ToJsonString();
        yield return new JsonObject { ["specversion"] = "1.0", ["type"] = "org.jenkinsci.job.completed", ["data"] = Given.Notification(311, "COMPLETED", "ABORTED") }.ToJsonString();
        yield return "{\"_links\":{\"self\":{\"href\":\"/job/w/16/wfapi/describe\"}},\"status\":\"FAILED\",\"durationMillis\":5,\"pauseDurationMillis\":9,\"stages\":[{\"name\":\"a\",\"status\":\"PAUSED_PENDING_INPUT\"}]}";
        yield return "{\"id\":143,\"why\":\"w\",\"inQueueSince\":5,\"task\":{\"url\":\"https://ci.acme.example/job/web-main/\"},\"executable\":{\"number\":4}}";
    }

    [Fact]
    public void Mutated_payloads_never_throw_and_never_pass_a_gate()
    {
        var random = new Random(20260302);
        var translator = Given.Translator(static o => o.Jobs.Add(new JenkinsJob { Path = "acme/web", Repository = "acme/web", IsMultibranch = true, Branch = "*", PullRequestGate = "pr-ci" }));
        string[] payloads = [.. Payloads()];
        int facts = 0;
        for (int i = 0; i < Cases; i++)
        {
            byte[] body = i % 2 == 0 ? MutateBytes(payloads[i % payloads.Length], random) : MutateValue(payloads[i / 2 % payloads.Length], random);
            var translation = translator.Translate(Given.Delivery("") with { Body = body });
            var explained = JenkinsAdapter.Explain(body, i % 5 == 0 ? "org.jenkinsci.job.completed" : null);
            // A byte that turns FAILURE into something else is possible; one that makes SUCCESS of it is not.
            Assert.All(translation.Facts.Concat(explained.Facts), f => Assert.True(f.Status != GateStatus.Passed, $"case {i}: {Encoding.UTF8.GetString(body)}"));
            Assert.All(explained.Facts, static f => Assert.True(f.Detail!.Length < 1000));
            facts += translation.Facts.Length + explained.Facts.Length;
        }
        Assert.True(facts > Cases / 4, $"only {facts} facts: the mutations break everything");
    }

    [Theory]
    [InlineData("{\"bui\\ud800ldxxxxxxxxxx\":1}")]
    [InlineData("{\"build\":{\"full_u\\udc00rlxxxxxxxxxx\":1,\"numb\\ud800er\":2}}")]
    [InlineData("{\"jo\\ud800bxxxxx\":\"web-main\"}")]
    public void Names_that_are_no_text_do_not_throw(string body)
    {
        Assert.Equal(TranslationOutcome.Malformed, Given.Translator().Translate(Given.Delivery(body)).Outcome);
        Assert.Empty(JenkinsAdapter.Explain(Encoding.UTF8.GetBytes(body)).Facts);
    }

    [Fact]
    public async Task Mutated_answers_of_the_api_never_throw_and_never_pass_a_gate()
    {
        await using var jenkins = await FakeJenkins.StartAsync();
        string[] answers =
        [
            new JsonObject { ["builds"] = new JsonArray(Given.Build(12, "FAILURE", 'c', "bc"), Given.Build(11, null, 'c')), ["queueItem"] = new JsonObject { ["id"] = 5, ["why"] = "w" } }.ToJsonString(),
            new JsonObject { ["jobs"] = new JsonArray(new JsonObject { ["name"] = "main", ["builds"] = new JsonArray(Given.Build(12, "FAILURE")) }) }.ToJsonString(),
            Given.Build(12, "FAILURE", 'c', "bc").ToJsonString(),
            .. Payloads(),
        ];
        var random = new Random(4711);
        byte[] answer = [];
        jenkins.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(answer);
            return true;
        };
        var adapter = jenkins.Adapter(change: static o => o.Jobs.Add(new JenkinsJob { Path = "acme/web", Repository = "acme/web", IsMultibranch = true, Branch = "*" }));
        for (int i = 0; i < 1_000; i++)
        {
            string one = answers[i % answers.Length];
            answer = i % 2 == 0 ? MutateBytes(one, random) : MutateValue(one, random);
            var result = await adapter.Probe!.ProbeAsync(
                new ProbeBatch { Source = "jenkins", SweepSince = i % 3 == 0 ? Given.Start : null, At = Given.Start + TimeSpan.FromHours(1), Keys = [Key.Commit("acme/web", Given.Sha('a')), Key.Build("https://ci.acme.example/job/web-main/12"), Key.Build("https://ci.acme.example/queue/item/143")] }, default);
            Assert.DoesNotContain(result.Facts, static f => f.Status == GateStatus.Passed);
        }
    }

    [Fact]
    public async Task Secrets_are_in_no_result_message_or_fact()
    {
        await using var jenkins = await FakeJenkins.StartAsync();
        var adapter = jenkins.Adapter(change: static o => (o.UserName, o.ApiToken, o.WebhookToken) = ("closedloop", Canary + "-api", Canary + "-webhook"));
        var seen = new StringBuilder();
        foreach (int status in (int[])[200, 301, 401, 403, 404, 429, 500, 503])
        {
            jenkins.Instead = async context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "https://elsewhere.example/";
                await context.Response.WriteAsync("{");
                return true;
            };
            foreach (bool sweep in (bool[])[true, false])
                Show(await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = sweep ? Given.Start : null, At = Given.Start, Keys = [Key.Build("https://ci.acme.example/job/web-main/1"), Key.Build("https://ci.acme.example/queue/item/1")] }, default));
        }
        jenkins.Instead = null;
        jenkins.Jobs["job/web-main"] = [Given.Build(1, "SUCCESS"), Given.Build(2, "WEIRD")];
        Show(await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = Given.Start, At = Given.Start + TimeSpan.FromHours(1) }, default));
        var translation = adapter.Translator!.Translate(Given.Delivery("{") with { Query = $"token={Canary}-webhook" });
        seen.Append(translation).Append(translation.Detail);
        Assert.NotEmpty(seen.ToString());
        Assert.DoesNotContain(Canary, seen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("closedloop:" + Canary))[..16], seen.ToString(), StringComparison.Ordinal);

        void Show(ProbeResult result) => seen.Append(result.Detail).AppendJoin('\n', result.Diagnostics).AppendJoin('\n', result.Facts.Select(static f => System.Text.Json.JsonSerializer.Serialize(f)));
    }

    private static byte[] MutateBytes(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)"{}[]\",:0"[random.Next(8)]); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at)); break;
            }
        }
        return [.. bytes];
    }

    private static byte[] MutateValue(string text, Random random)
    {
        var root = JsonNode.Parse(text)!;
        var places = new List<(JsonObject Parent, string Name)>();
        Collect(root);
        var (parent, name) = places[random.Next(places.Count)];
        if (random.Next(4) == 0) parent.Remove(name);
        else parent[name] = "MUTATED-HERE";
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace("\"MUTATED-HERE\"", Values[random.Next(Values.Length)], StringComparison.Ordinal));

        void Collect(JsonNode? node)
        {
            if (node is JsonObject o)
                foreach (var (key, value) in o)
                {
                    places.Add((o, key));
                    Collect(value);
                }
            else if (node is JsonArray a)
                foreach (var value in a) Collect(value);
        }
    }
}
