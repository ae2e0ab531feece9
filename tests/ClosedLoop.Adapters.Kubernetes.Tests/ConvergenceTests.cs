using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Tests;

/// <summary>A rollout's life in many looks: whichever of them are made, in whatever order they arrive and how often, the last state stands.</summary>
public sealed class ConvergenceTests
{
#pragma warning disable CA5394 // Seeded on purpose: the same cases each time.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_looks_in_any_order_give_the_registers_of_the_last_state(bool pinned)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var probe = Given.Probe(cluster);
        var states = new List<List<Fact>>();
        foreach (var world in Life(pinned))
        {
            cluster.Show(world);
            states.Add([.. (await probe.ProbeAsync(Given.Sweep, default)).Facts]);
        }
        var statuses = states.Select(static s => s.First(static f => f.Kind == Gates.RolledOut).Status).ToList();
        Assert.Equal([GateStatus.Running, GateStatus.Passed, GateStatus.Running, GateStatus.Running, GateStatus.Running, GateStatus.Passed, GateStatus.Running, GateStatus.Passed, GateStatus.Running, GateStatus.Passed], statuses);
        var random = new Random(pinned ? 1 : 2);
        for (int round = 0; round < 500; round++)
        {
            int end = random.Next(states.Count);
            // The states that stand: what comes after a completed rollout in its own generation is a dip, which takes nothing back.
            if (statuses[end] != GateStatus.Passed) continue;
            var seen = states.Take(end + 1).Where((_, i) => i == end || random.Next(2) == 0).SelectMany(static s => s).ToList();
            var told = seen.Concat(seen.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(told);
            var registers = new Dictionary<RegisterId, Fact>();
            foreach (var fact in told) registers[fact.Register] = registers.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;
            foreach (var expected in states[end]) Assert.Equal(expected, registers[expected.Register]);
        }
    }

    // The first rollout, a second one through all its stages with a dip after it, a rollback, and a version that was made again.
    private static IEnumerable<List<JsonObject>> Life(bool pinned)
    {
        string a = pinned ? $"web@{Given.Digest('a')}" : "web:1", b = pinned ? $"web@{Given.Digest('b')}" : "web:2";
        var first = Given.Running('a', a);
        first[0]["status"]!["updatedReplicas"] = 1;
        yield return first;
        yield return Given.Running('a', a);

        yield return [Progress(Given.Deployment(b, 2), 0), .. Old(2), Given.ReplicaSet("bbb", b, "2", createdAt: 10)];
        yield return [Progress(Given.Deployment(b, 2), 1), .. Old(2), Given.ReplicaSet("bbb", b, "2", createdAt: 10), Pod("bbb-1", 'b', 11, isReady: false)];
        yield return [Progress(Given.Deployment(b, 2), 1), .. Old(1), Given.ReplicaSet("bbb", b, "2", createdAt: 10), Pod("bbb-1", 'b', 11)];
        yield return [Given.Deployment(b, 2, completeAt: 15), .. Old(0), Given.ReplicaSet("bbb", b, "2", createdAt: 10), Pod("bbb-1", 'b', 11), Pod("bbb-2", 'b', 12)];
        var dip = Given.Deployment(b, 2, completeAt: 15);
        dip["status"]!["availableReplicas"] = 1;
        yield return [dip, .. Old(0), Given.ReplicaSet("bbb", b, "2", createdAt: 10), Pod("bbb-1", 'b', 11), Pod("bbb-3", 'b', 20, isReady: false)];

        yield return [Given.Deployment(a, 3, completeAt: 30), .. Old(0), Given.ReplicaSet("bbb", b, "2", createdAt: 10), Pod("aaa-8", 'a', 26), Pod("aaa-9", 'a', 27)];
        var again = Given.Deployment(b, 1, completeAt: 45, createdAt: 40, uid: "d-2");
        yield return [Progress((JsonObject)again.DeepClone(), 0), Given.ReplicaSet("ccc", b, createdAt: 40, owner: "d-2"), Pod("ccc-1", 'b', 41, isReady: false)];
        yield return [again, Given.ReplicaSet("ccc", b, createdAt: 40, owner: "d-2"), Pod("ccc-1", 'b', 41), Pod("ccc-2", 'b', 42)];

        IEnumerable<JsonObject> Old(int pods) => [Given.ReplicaSet("aaa", a), .. Enumerable.Range(1, pods).Select(static i => Pod($"aaa-{i}", 'a', 2))];
        static JsonObject Pod(string name, char digest, double at, bool isReady = true) => Given.Pod($"web-{name}", $"rs-{name[..3]}", Given.ImageId(digest), isReady, at, at + 1);
    }

    private static JsonObject Progress(JsonObject deployment, int updated)
    {
        deployment["status"]!["updatedReplicas"] = updated;
        deployment["status"]!["conditions"]![1]!["reason"] = "ReplicaSetUpdated";
        return deployment;
    }
}
