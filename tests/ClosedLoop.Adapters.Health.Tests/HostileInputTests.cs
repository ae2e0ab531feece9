using System.Text;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>Nothing that a service or a Prometheus answers throws, and nothing that is broken passes.</summary>
public sealed class HostileInputTests
{
    private const string Canary = "canary-5d1e77b0c3";

    private static readonly string[] Answers =
    [
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"zone\":\"1\"},\"value\":[1795225031.302,\"7\"]},{\"metric\":{\"zone\":\"2\"},\"value\":[1795225031.302,\"8\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1795225031.316,\"9\"]},\"warnings\":[\"w\"]}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"e\"}",
        "{\"status\":\"DOWN\",\"commit\":\"" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + "\",\"components\":{\"db\":{\"status\":\"DOWN\"}}}",
        "Unhealthy",
    ];

    private static readonly string[] Values = ["null", "true", "-1", "1e999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "\"NaN\"", "[1,2,3]", "\"" + new string('x', 3000) + "\""];

    [Fact]
    public void Mutated_files_never_throw_and_never_pass()
    {
        var random = new Random(20260302);
        int facts = 0;
        for (int i = 0; i < 5_000; i++)
        {
            byte[] file = Mutate(Answers[i % Answers.Length], random);
            // No number of these is 1e6 or more, and a mutation that makes one is not garbage.
            var explained = HealthAdapter.Explain(file, i % 2 == 0 ? ">= 1000000000000" : null);
            string text = Encoding.UTF8.GetString(file);
            Assert.True(explained.Verdict != "passed" || text.Contains("Healthy", StringComparison.Ordinal) || text.Contains("UP", StringComparison.Ordinal), text);
            facts += explained.Facts.Length;
        }
        Assert.True(facts > 500, $"only {facts} facts");
    }

    [Fact]
    public async Task Mutated_answers_never_throw_and_never_pass()
    {
        await using var service = await FakeService.StartAsync();
        var random = new Random(4711);
        byte[] answer = [];
        service.Answer = async context =>
        {
            context.Response.StatusCode = (int[])[200, 200, 200, 400, 422, 503] is var codes ? codes[answer.Length % codes.Length] : 200;
            await context.Response.Body.WriteAsync(answer);
        };
        var observer = Given.Observe(
            Given.Http(service.Address),
            Given.Prometheus(service.Address, static c => (c.Comparison, c.Threshold, c.VersionQuery) = (HealthComparison.AtLeast, 1e12, "info")),
            Given.Prometheus(service.Address, static c => (c.Name, c.Threshold, c.BaselineQuery, c.Comparison, c.BaselineFactor) = ("baseline", null, "base", HealthComparison.Above, 2)));
        for (int i = 0; i < 700; i++)
        {
            answer = Mutate(Answers[i % Answers.Length], random);
            observer.Time.Advance(TimeSpan.FromMinutes(20));
            Assert.DoesNotContain((await observer.SweepAsync()).Facts, static f => f.Status == GateStatus.Passed);
        }
    }

    [Fact]
    public async Task Secrets_are_in_no_result_message_or_fact()
    {
        await using var service = await FakeService.StartAsync();
        var seen = new StringBuilder();
        foreach (int status in (int[])[200, 301, 400, 401, 403, 404, 422, 429, 500, 503])
        {
            service.Answer = context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "https://elsewhere.example/";
                return context.Response.WriteAsync(status == 200 ? Given.Up('a') : "{");
            };
            var observer = Given.Observe(
                Given.Http(service.Address, static c => (c.Authorization, c.Address) = ($"Bearer {Canary}", new Uri(c.Address!, $"/health?key={Canary}"))),
                Given.Http(new Uri("http://127.0.0.1:1/"), static c => (c.Name, c.Authorization, c.Address) = ("gone", $"Bearer {Canary}", new Uri(c.Address!, $"/health?key={Canary}"))),
                Given.Prometheus(service.Address, static c => c.Authorization = $"Bearer {Canary}"));
            var result = await observer.SweepAsync();
            seen.Append(result.Detail).AppendJoin('\n', result.Diagnostics).AppendJoin('\n', result.Facts.Select(static f => System.Text.Json.JsonSerializer.Serialize(f)));
        }
        Assert.Contains(service.Requests, static r => r.Authorization?.Contains(Canary, StringComparison.Ordinal) == true && r.Target.Contains(Canary, StringComparison.Ordinal));
        Assert.Contains("health:web", seen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, seen.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Mutate(string text, Random random)
    {
        if (random.Next(2) == 0)
        {
            // One value becomes another one.
            var quotes = Enumerable.Range(0, text.Length).Where(i => text[i] == ':' || text[i] == '[').ToList();
            if (quotes.Count == 0) return [];
            int at = quotes[random.Next(quotes.Count)] + 1;
            int end = text.IndexOfAny([',', '}', ']'], at);
            return Encoding.UTF8.GetBytes(text[..at] + Values[random.Next(Values.Length)] + (end < 0 ? "" : text[end..]));
        }
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at)); break;
            }
        }
        return [.. bytes];
    }
}
