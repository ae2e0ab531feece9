using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Differential;

/// <summary>Random workloads, judged by the real <c>kubectl rollout status</c> and by the adapter: the same verdict in the same words.</summary>
public sealed class KubectlStatusTests
{
    /// <summary>More cases than in the normal run: <c>CLOSEDLOOP_KUBECTL_CASES=2000</c>.</summary>
    public static int Cases { get; } = int.TryParse(Environment.GetEnvironmentVariable("CLOSEDLOOP_KUBECTL_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : 100;

    [Fact]
    public async Task Kubectl_and_the_adapter_judge_every_rollout_alike()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var kubectl = new Kubectl();
        var objects = new RandomObjects(20260302);
        var worlds = new List<JsonObject>();
        for (int i = 0; i < Cases; i++)
        {
            var json = objects.Workload();
            json["metadata"]!["name"] = $"w{i}";
            worlds.Add(json);
        }
        cluster.Show(worlds);
        var disagreements = new List<string>();
        var states = new HashSet<(WorkloadKind, RolloutState)>();
        await Parallel.ForEachAsync(worlds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (json, _) =>
        {
            string name = json["metadata"]!["name"]!.GetValue<string>(), kind = json["kind"]!.GetValue<string>();
            var (exit, output, error) = await kubectl.RunAsync(cluster.Address, "rollout", "status", "--watch=false", $"{kind.ToLowerInvariant()}/{name}");
            var parsed = Given.Json(json);
            var status = RolloutJudge.Judge(Workload.KindOf(parsed)!.Value, parsed);
            var explained = Given.Explain(json.ToJsonString());
            // --watch=false ends well for what waits too; only the words tell the two apart.
            string theirs = exit == 0 ? output : error;
            string ours = status.State == RolloutState.Failed ? $"error: {status.Message}" : status.Message;
            lock (disagreements)
            {
                states.Add((Workload.KindOf(parsed)!.Value, status.State));
                if (theirs != ours || (exit != 0) != (status.State == RolloutState.Failed)) disagreements.Add($"{json.ToJsonString()}\n  kubectl ({exit}): {theirs}\n  adapter: {ours}");
                if (!status.Message.Equals(explained.Summary["message"])) disagreements.Add($"{json.ToJsonString()}\n  explained as {explained.Summary["message"]}");
            }
        });
        Assert.True(disagreements.Count == 0, $"{disagreements.Count} of {worlds.Count} disagree:\n{string.Join('\n', disagreements.Take(5))}");
        // The generator reaches every verdict of every kind; a DaemonSet fails only by its strategy.
        Assert.Equal(9, states.Count);
    }
}
