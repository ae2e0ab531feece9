using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>Valid payloads with bytes and values changed: nothing throws, nothing passes that the payload does not say, nothing secret is repeated.</summary>
public sealed class HostileTests
{
    private static readonly AdapterRegistration Adapter = CDEventsAdapter.Create(Given.Options());

    private static readonly JsonNode[] Payloads =
    [
        Given.Change("created", 12, 1, new JsonObject { ["item"] = "BL-7" }), Given.Change("merged", 12, 2, Given.Commit('a')), Given.Change("reviewed", 12, 2, new JsonObject { ["decision"] = "approved" }),
        Given.Run("finished", "run-1", 3, "success", Given.Commit('a')), Given.Packaged('c', 'a', 4), Given.Published('c', 5), Given.Service("deployed", 'c', 6), Given.Service("removed", null, 7),
        Given.Incident("resolved", 'c', 8), Given.Structured(Given.Run("finished", "run-2", 3, "success", Given.Commit('a'))), new JsonArray(Given.Structured(Given.Service("deployed", 'c', 6)), Given.Structured(Given.Change("created", 12, 1))),
    ];

    private static readonly string[] Garbage = ["null", "true", "-1", "1e999", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"9999-99-99T99:99:99Z\"", "[[[[]]]]", "\"" + new string('x', 5000) + "\"", "12345678901234567890", "\"sha256:zz\""];

    [Fact]
    public void Changed_bytes_never_throw_and_never_get_past_the_signature()
    {
        var random = new Random(20260302);
        for (int i = 0; i < 4_000; i++)
        {
            byte[] original = Encoding.UTF8.GetBytes(Payloads[i % Payloads.Length].ToJsonString());
            byte[] body = [.. original];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                int at = random.Next(body.Length);
                switch (random.Next(4))
                {
                    case 0: body[at] = (byte)random.Next(256); break;
                    case 1: body = [.. body[..at], .. body[Math.Min(body.Length, at + random.Next(1, 40))..], (byte)' ']; break;
                    case 2: body = [.. body[..at], (byte)random.Next(256), .. body[at..]]; break;
                    default: body = [.. body[..at], .. body[(at / 2)..]]; break;
                }
            }
            var signed = Given.Delivery(body, ("X-ClosedLoop-Token", ""), ("X-ClosedLoop-Signature", Given.Signature(original)));
            Assert.Equal(original.AsSpan().SequenceEqual(body), Adapter.Authenticator!.IsAuthentic(signed));
            Check(Adapter.Translator!.Translate(Given.Delivery(body)), body);
            Assert.NotNull(CDEventsAdapter.Explain(body, null).Verdict);
        }
    }

    [Fact]
    public void Any_value_may_be_anything()
    {
        foreach (var payload in Payloads)
        {
            foreach (string path in Paths(payload, "$").ToList())
            {
                foreach (string garbage in Garbage)
                {
                    byte[] body = Encoding.UTF8.GetBytes(Replace(payload, path, "$", garbage));
                    Check(Adapter.Translator!.Translate(Given.Delivery(body)), body);
                    Assert.NotNull(CDEventsAdapter.Explain(body, "x").Ignored.ToString());
                }
            }
        }
    }

    [Fact]
    public void No_change_of_an_unsuccessful_outcome_makes_it_pass()
    {
        var random = new Random(7);
        foreach (string outcome in new[] { "failure", "cancel", "error", "", "Success", "successful", " success", "ok", "true" })
            Assert.NotEqual(GateStatus.Passed, Given.Translate(Given.Run("finished", $"run-{random.Next()}", 3, outcome, Given.Commit('a'))).Gate(Gates.MainCi).Status);
    }

    private static void Check(Translation translation, byte[] body)
    {
        string text = Encoding.UTF8.GetString(body);
        foreach (var fact in translation.Facts)
        {
            Assert.Contains(fact.Writer, Adapter.Writers);
            Assert.True(fact.Links.Count <= 2);
            if (fact.Status != GateStatus.Passed) continue;
            if (fact.Kind == Gates.MainCi) Assert.Contains("finished", text, StringComparison.Ordinal);
            if (fact.Kind == Gates.MainCi) Assert.True(text.Contains("\"success\"", StringComparison.Ordinal) || text.Contains("\"pass\"", StringComparison.Ordinal));
            if (fact.Kind is Gates.ImageBuilt or Gates.RolledOut) Assert.StartsWith("sha256:", fact.Revision, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("canary-", JsonSerializer.Serialize(translation.Facts) + translation.Detail + string.Join('\n', translation.Diagnostics), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path)
    {
        yield return path;
        if (node is JsonObject o)
            foreach (var (name, value) in o)
                foreach (string inner in Paths(value, $"{path}.{name}"))
                    yield return inner;
        if (node is JsonArray a)
            for (int i = 0; i < a.Count; i++)
                foreach (string inner in Paths(a[i], $"{path}[{i}]"))
                    yield return inner;
    }

    private static string Replace(JsonNode? node, string target, string path, string garbage) => path == target ? garbage : node switch
    {
        JsonObject o => "{" + string.Join(',', o.Select(p => JsonSerializer.Serialize(p.Key) + ":" + Replace(p.Value, target, $"{path}.{p.Key}", garbage))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select((v, i) => Replace(v, target, $"{path}[{i}]", garbage))) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
