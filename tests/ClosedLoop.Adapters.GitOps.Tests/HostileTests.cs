using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>Valid payloads with bytes and values changed: nothing throws, nothing passes that the payload does not say, nothing secret is repeated.</summary>
public sealed class HostileTests
{
    private static readonly (AdapterRegistration Adapter, Func<ReadOnlyMemory<byte>, string?, PayloadExplanation> Explain, JsonNode Payload)[] Payloads =
    [
        (Given.ArgoCD(), ArgoCDAdapter.Explain, Given.App(10, "Healthy", 11, "ab")),
        (Given.ArgoCD(Given.Tracked), ArgoCDAdapter.Explain, Given.App(10, "Healthy", 2, "a")),
        (Given.ArgoCD(), ArgoCDAdapter.Explain, new JsonObject { ["items"] = new JsonArray(Given.App(10, "Healthy", 11, "a"), Given.App(10, "Degraded", 11, "b", "Failed")) }),
        (Given.Rollouts(), ArgoRolloutsAdapter.Explain, Given.Rollout(2, "2", "Healthy")),
        (Given.Rollouts(), ArgoRolloutsAdapter.Explain, Given.Rollout(2, "2", null)),
        (Given.Flux(Given.Tracked), FluxAdapter.Explain, Given.Kustomization("True", "ReconciliationSucceeded", 5)),
        (Given.Flux(Given.Tracked), FluxAdapter.Explain, Given.Kustomization("True", "UpgradeSucceeded", 5, kind: "HelmRelease")),
        (Given.Flux(Given.Tracked), FluxAdapter.Explain, Given.FluxEvent("ReconciliationSucceeded", 5, $"main@sha1:{Given.Sha('a')}")),
    ];

    private static readonly string[] Garbage = ["null", "true", "-1", "1e999", "9223372036854775807", "[]", "{}", "[null,7]", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"9999-99-99T99:99:99Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00Z\"", "\"" + new string('x', 5000) + "\"", "\"sha256:zz\"", "\"NaN\""];

    [Fact]
    public void Changed_bytes_never_throw_and_never_get_past_the_signature()
    {
        var random = new Random(20260302);
        for (int i = 0; i < 4_000; i++)
        {
            var (adapter, explain, payload) = Payloads[i % Payloads.Length];
            byte[] original = Encoding.UTF8.GetBytes(payload.ToJsonString());
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
            Assert.Equal(original.AsSpan().SequenceEqual(body), adapter.Authenticator!.IsAuthentic(Given.Delivery(body, ("X-ClosedLoop-Token", ""), ("X-Signature", Given.Signature(original)))));
            Check(adapter, adapter.Translator!.Translate(Given.Delivery(body)), body);
            Assert.NotNull(explain(body, null).Verdict);
        }
    }

    [Fact]
    public void Any_value_may_be_anything()
    {
        foreach (var (adapter, explain, payload) in Payloads)
        {
            foreach (string path in Paths(payload, "$").ToList())
            {
                foreach (string garbage in Garbage)
                {
                    byte[] body = Encoding.UTF8.GetBytes(Replace(payload, path, "$", garbage));
                    Check(adapter, adapter.Translator!.Translate(Given.Delivery(body)), body);
                    Assert.NotNull(explain(body, "x").Verdict);
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"kind\":\"Secret\",\"metadata\":{}}")]
    public void What_is_no_object_of_the_system_is_malformed_and_explained(string body)
    {
        foreach (var (adapter, explain, _) in Payloads)
        {
            Assert.Equal(TranslationOutcome.Malformed, adapter.Translator!.Translate(Given.Delivery(Encoding.UTF8.GetBytes(body))).Outcome);
            var explained = explain(Encoding.UTF8.GetBytes(body), null);
            Assert.Equal("none", explained.Verdict);
            Assert.StartsWith("expected ", Assert.Single(explained.Ignored), StringComparison.Ordinal);
        }
    }

    private static void Check(AdapterRegistration adapter, Translation translation, byte[] body)
    {
        string text = Encoding.UTF8.GetString(body);
        foreach (var fact in translation.Facts)
        {
            Assert.Contains(fact.Writer, adapter.Writers);
            Assert.NotEmpty(fact.Links);
            if (fact.Status == GateStatus.Passed)
                Assert.True(text.Contains("Healthy", StringComparison.Ordinal) || text.Contains("Succeeded", StringComparison.Ordinal) || text.Contains("\"True\"", StringComparison.Ordinal) || text.Contains("currentPodHash", StringComparison.Ordinal), text);
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
