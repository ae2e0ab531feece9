using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Actions;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Differential;

/// <summary>Random histories, undone by the real <c>kubectl rollout undo</c> and by the adapter: the same patch, or the same refusal.</summary>
public sealed class KubectlUndoTests
{
    [Fact]
    public Task Kubectl_and_the_adapter_undo_Deployments_alike() => CompareAsync(4711, "deployment", "web", "web", static o => o.History());

    [Fact]
    public Task Kubectl_and_the_adapter_undo_StatefulSets_alike() => CompareAsync(4712, "statefulset", "db", "statefulset/db", static o => o.Revisions("StatefulSet"));

    [Fact]
    public Task Kubectl_and_the_adapter_undo_DaemonSets_alike() => CompareAsync(4713, "daemonset", "agent", "daemonset/agent", static o => o.Revisions("DaemonSet"));

    private static async Task CompareAsync(int seed, string kind, string name, string target, Func<RandomObjects, List<JsonObject>> next)
    {
        await using var theirs = await FakeCluster.StartAsync();
        await using var ours = await FakeCluster.StartAsync();
        using var kubectl = new Kubectl();
        var objects = new RandomObjects(seed);
        var options = Given.Options(ours.Address, static o => o.AllowRollback = true);
        var rollback = KubernetesAdapter.CreateRollback(options, new HttpClient(KubernetesAdapter.CreateHandler(options)), TimeProvider.System);
        var outcomes = new Dictionary<RollbackOutcome, int>();
        var disagreements = new List<string>();
        int cases = KubectlStatusTests.Cases * 6 / 10;
        for (int i = 0; i < cases; i++)
        {
            var world = next(objects);
            int revision = objects.Once(2) ? 0 : objects.Next(7);
            theirs.Show(world);
            ours.Show(world);
            theirs.Patches.Clear();
            ours.Patches.Clear();
            var (exit, output, error) = await kubectl.RunAsync(theirs.Address, "rollout", "undo", $"{kind}/{name}", $"--to-revision={revision}");
            var result = await rollback.UndoAsync(Given.Namespace, target, revision);
            outcomes[result.Outcome] = outcomes.GetValueOrDefault(result.Outcome) + 1;
            string said = Said(exit == 0 ? output : error, $"{kind}.apps/{name} ");
            string patch = theirs.Patches.TryDequeue(out var kubectlPatch) ? Canonical(kubectlPatch.Body, isOurs: false) : "", own = ours.Patches.TryDequeue(out var ownPatch) ? Canonical(ownPatch.Body, isOurs: true) : "";
            if (patch == own && kubectlPatch.ContentType == ownPatch.ContentType && said == result.Message) continue;
            disagreements.Add($"case {i}, to {revision}: {string.Join('\n', world.Select(static w => w.ToJsonString()))}\n  kubectl ({exit}): {said}\n    {patch}\n  adapter: {result}\n    {own}");
        }
        Assert.True(disagreements.Count == 0, $"{disagreements.Count} of {cases} disagree:\n{string.Join('\n', disagreements.Take(3))}");
        Assert.True(outcomes.GetValueOrDefault(RollbackOutcome.RolledBack) > cases / 5, "too few cases roll back");
        Assert.True(outcomes.GetValueOrDefault(RollbackOutcome.Skipped) > 0 && outcomes.GetValueOrDefault(RollbackOutcome.Refused) > 0, "no case is skipped, or none refused");
    }

    // "deployment.apps/web rolled back", "error: …", and a warning before it for what is managed by apply.
    private static string Said(string text, string subject)
    {
        // kubectl 1.20 names the Deployment in the words about a paused one, later ones do not.
        string line = text.Split('\n')[^1].Replace("rollout resume deployment/web'", "rollout resume'", StringComparison.Ordinal);
        foreach (string prefix in (string[])[subject, "error: "])
            if (line.StartsWith(prefix, StringComparison.Ordinal))
                return line[prefix.Length..];
        return line;
    }

    // kubectl reads into its own types and writes what they always write; the API server makes the same of both.
    private static string Canonical(string patch, bool isOurs)
    {
        var parsed = JsonNode.Parse(Encoding.UTF8.GetBytes(patch))!;
        if (parsed is JsonObject merge)
        {
            if (!isOurs) return Sorted(merge, "")!.ToJsonString();
            Assert.Equal("""{"resourceVersion":"812"}""", merge["metadata"]!.ToJsonString());
            merge.Remove("metadata");
            return Sorted(merge, "")!.ToJsonString();
        }
        var operations = (JsonArray)parsed;
        if (isOurs)
        {
            Assert.Equal("""{"op":"test","path":"/metadata/resourceVersion","value":"812"}""", operations[0]!.ToJsonString());
            operations.RemoveAt(0);
        }
        return Sorted(operations, "")!.ToJsonString();
    }

    private static JsonNode? Sorted(JsonNode? node, string name) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value, p.Key)))
            .Where(static p => p.Value is not null && !(p.Value is JsonArray { Count: 0 }) && !(p.Value is JsonObject { Count: 0 } && p.Key is "resources" or "annotations" or "metadata" && p.Key != "value"))
            .OrderBy(static p => p.Key, StringComparer.Ordinal)),
        JsonArray a => new JsonArray([.. a.Select(i => Sorted(i, name))]),
        _ => node?.DeepClone(),
    };
}
