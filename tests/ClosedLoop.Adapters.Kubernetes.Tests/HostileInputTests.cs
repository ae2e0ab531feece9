using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Tests;

/// <summary>Mutated objects, byte by byte and value by value: nothing throws, and nothing that is broken passes a gate.</summary>
public sealed class HostileInputTests
{
#pragma warning disable CA5394 // Seeded on purpose: the same cases each time.
    [Fact]
    public void Mutated_bytes_never_throw_and_never_pass_without_a_digest_that_was_sent()
    {
        var random = new Random(99);
        byte[] valid = Encoding.UTF8.GetBytes(Given.List([.. Given.Running('a'), Given.StatefulSet(), Given.Pod("db-0", "s-1", Given.ImageId('b'), revision: "db-1"), Given.DaemonSet(), Given.Pod("n-1", "ds-1", Given.ImageId('c'), revision: "h1")]).ToJsonString());
        int facts = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] bytes = [.. valid];
            for (int n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(8) == 0) bytes = bytes[..random.Next(bytes.Length)];
            var explained = KubernetesAdapter.Explain(bytes);
            facts += explained.Facts.Length;
            string text = Encoding.UTF8.GetString(bytes);
            foreach (var fact in explained.Facts.Where(static f => f.Status == GateStatus.Passed))
            {
                Assert.NotEmpty(fact.Links);
                Assert.All(fact.Links, k => Assert.Contains(k.Value, text, StringComparison.OrdinalIgnoreCase));
            }
        }
        Assert.True(facts > 1000, "the mutations leave too little to judge");
    }

    [Fact]
    public void Mutated_YAML_never_throws()
    {
        var random = new Random(3);
        byte[] valid = Encoding.UTF8.GetBytes("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  generation: 2\nspec:\n  replicas: 1\n  template: {spec: {containers: [{image: \"web:1\"}]}}\nstatus:\n  observedGeneration: 1\n");
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. valid];
            for (int n = random.Next(1, 5); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "{}[]:,-\n &*!|>'\"%@`#?"[random.Next(21)]);
            var explained = KubernetesAdapter.Explain(bytes);
            Assert.True(explained.Facts.Length + explained.Ignored.Length > 0);
        }
    }

    [Fact]
    public void A_world_that_waits_does_not_pass_by_values_of_other_types()
    {
        var random = new Random(7);
        int judged = 0;
        for (int i = 0; i < 4000; i++)
        {
            var world = Given.Running('a');
            // One of two replicas is not available: whatever else is broken, that is not done.
            world[0]["status"]!["availableReplicas"] = 1;
            var list = Given.List(world);
            for (int n = random.Next(1, 4); n > 0; n--) Mutate(list, random);
            if (list["items"] is not JsonArray items || items.Count == 0 || items[0] is not JsonObject first || first["status"] is not JsonObject status) continue;
            if (status["availableReplicas"]?.ToJsonString() != "1" || status["updatedReplicas"]?.ToJsonString() != "2") continue;
            judged++;
            var explained = Given.Explain(Text(list));
            Assert.DoesNotContain(explained.Facts, static f => f.Status == GateStatus.Passed);
        }
        Assert.True(judged > 2000, "the mutations leave too little to judge");
    }

    [Fact]
    public void Every_number_of_the_verdict_that_is_of_another_type_takes_the_verdict_away()
    {
        (string Part, string Name)[] numbers = [("metadata", "generation"), ("status", "observedGeneration"), ("spec", "replicas"), ("status", "updatedReplicas"), ("status", "replicas"), ("status", "availableReplicas")];
        foreach (var (part, name) in numbers)
        {
            foreach (string garbage in (string[])["\"2\"", "true", "{}", "[]", "2.5", "99999999999999999999", "\"<half>\""])
            {
                var deployment = Given.Deployment();
                deployment[part]![name] = JsonNode.Parse(garbage);
                var fact = Assert.Single(Given.Explain(Text(deployment)).Facts);
                Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (fact.Status, fact.Reason));
            }
        }
    }

    [Fact]
    public void Deep_and_long_input_is_read_or_refused_and_never_thrown_at()
    {
        Assert.Empty(Given.Explain(new string('[', 100_000)).Facts);
        Assert.Empty(Given.Explain(string.Concat(Enumerable.Repeat("{\"items\":", 5_000))).Facts);
        Assert.Empty(Given.Explain("a: " + new string('[', 100_000)).Facts);
        Assert.Empty(Given.Explain(string.Concat(Enumerable.Repeat("- ", 50_000)) + "1").Facts);
        var deployment = Given.Deployment(name: new string('a', 400));
        Assert.NotEmpty(Given.Explain(deployment.ToJsonString()).Ignored);
        Assert.Equal(200, Given.Explain("[" + string.Join(',', Enumerable.Repeat("1", 100_000)) + "]").Ignored.Length);
    }

    [Fact]
    public async Task A_cluster_that_answers_with_garbage_is_no_evidence()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            var list = Given.List(Given.Running('a'));
            list["items"]![0]!["status"]!["availableReplicas"] = 1;
            for (int n = random.Next(1, 5); n > 0; n--) Mutate(list, random);
            if (list["items"] is not JsonArray { Count: > 0 } items || items.Any(static o => o is not JsonObject j || j["kind"] is not JsonValue || j["metadata"] is not JsonObject about || about["namespace"] is not JsonValue || about["name"] is not JsonValue)) continue;
            if (items[0]!["status"] is not JsonObject status || status["availableReplicas"]?.ToJsonString() != "1" || status["updatedReplicas"]?.ToJsonString() != "2") continue;
            try
            {
                cluster.Show(items.Select(static o => (JsonObject)o!.DeepClone()));
            }
            catch (InvalidOperationException)
            {
                // A kind or namespace that is no text cannot be shown by the fake either.
                continue;
            }
            var result = await Given.Probe(cluster).ProbeAsync(Given.Sweep, default);
            Assert.DoesNotContain(result.Facts, static f => f.Kind == Gates.RolledOut && f.Status == GateStatus.Passed);
        }
    }

    // A tree of nodes cannot hold half a surrogate pair, and a sender can send it.
    private static string Text(JsonNode node) => node.ToJsonString(Plain).Replace("<half>", "\\ud83d", StringComparison.Ordinal);

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Replaces, removes or copies one value somewhere.
    private static void Mutate(JsonNode root, Random random)
    {
        var all = new List<(JsonNode Parent, string? Name, int Index)>();
        Collect(root);
        if (all.Count == 0) return;
        var (parent, name, index) = all[random.Next(all.Count)];
        string[] garbage = ["null", "0", "-1", "3", "1e400", "2147483648", "true", "\"\"", "\"x\"", "\"\\u0000\"", "\"<half>\"", "{}", "[]", "[null]", "{\"a\":null}", "\"2026-13-45T00:00:00Z\"", "\"0001-01-01T00:00:00Z\""];
        JsonNode? Value() => JsonNode.Parse(garbage[random.Next(garbage.Length)]);
        if (parent is JsonObject o)
        {
            if (random.Next(4) == 0) o.Remove(name!);
            else o[name!] = Value();
        }
        else if (parent is JsonArray a)
        {
            if (random.Next(4) == 0) a.Add(a[index]?.DeepClone());
            else a[index] = Value();
        }

        void Collect(JsonNode node)
        {
            if (node is JsonObject o)
            {
                foreach (var (key, value) in o)
                {
                    all.Add((o, key, 0));
                    if (value is not null) Collect(value);
                }
            }
            else if (node is JsonArray a)
            {
                for (int i = 0; i < a.Count; i++)
                {
                    all.Add((a, null, i));
                    if (a[i] is { } value) Collect(value);
                }
            }
        }
    }
}
