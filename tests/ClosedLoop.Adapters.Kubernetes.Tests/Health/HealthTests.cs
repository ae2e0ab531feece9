using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Health;
using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    public static TheoryData<string, string> Deployments => new()
    {
        { """{"metadata":{"name":"w","generation":2},"spec":{"replicas":1},"status":{"observedGeneration":2,"replicas":1,"updatedReplicas":1,"availableReplicas":1}}""", "Healthy" },
        { """{"metadata":{"name":"w","generation":2},"spec":{"replicas":1,"paused":true},"status":{"observedGeneration":1}}""", "Suspended" },
        { """{"metadata":{"name":"w","generation":2},"spec":{"replicas":1},"status":{"observedGeneration":1}}""", "Progressing" },
        { """{"metadata":{"name":"w","generation":2},"spec":{"replicas":2},"status":{"observedGeneration":2,"updatedReplicas":1}}""", "Progressing" },
        { """{"metadata":{"name":"w","generation":2},"spec":{"replicas":1},"status":{"observedGeneration":2,"replicas":2,"updatedReplicas":1}}""", "Progressing" },
        { """{"metadata":{"name":"w","generation":2},"spec":{"replicas":1},"status":{"observedGeneration":2,"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}]}}""", "Degraded" },
        { """{"metadata":{"name":"w","generation":2,"deletionTimestamp":"2026-03-02T09:00:00Z"},"spec":{"paused":true}}""", "Progressing" },
        { """{"metadata":{"name":"w","generation":"2"}}""", "Unknown" },
    };

    [Theory]
    [MemberData(nameof(Deployments))]
    public void A_Deployment_is_judged_as_gitops_engine_does(string json, string health) =>
        Assert.Equal(health, WorkloadHealth.Judge(WorkloadKind.Deployment, Given.Json(JsonNode.Parse(json)!)).Status.ToString());

    [Theory]
    [InlineData("OnDelete", 2, 2, "a", "b", "Healthy")]
    [InlineData("OnDelete", 2, 1, "a", "b", "Progressing")]
    [InlineData("RollingUpdate", 2, 2, "a", "b", "Progressing")]
    [InlineData("RollingUpdate", 2, 2, "a", "a", "Healthy")]
    public void A_StatefulSet_is_judged_as_gitops_engine_does(string strategy, int replicas, int ready, string current, string update, string health)
    {
        var set = Given.StatefulSet(update, replicas: replicas);
        set["spec"]!["updateStrategy"] = new JsonObject { ["type"] = strategy };
        set["status"]!["readyReplicas"] = ready;
        set["status"]!["currentRevision"] = current;
        Assert.Equal(health, WorkloadHealth.Judge(WorkloadKind.StatefulSet, Given.Json(set)).Status.ToString());
    }

    [Theory]
    [InlineData("OnDelete", 1, 0, "Healthy")]
    [InlineData("RollingUpdate", 1, 0, "Progressing")]
    [InlineData("RollingUpdate", 2, 1, "Progressing")]
    [InlineData("RollingUpdate", 2, 2, "Healthy")]
    public void A_DaemonSet_is_judged_as_gitops_engine_does(string strategy, int updated, int available, string health)
    {
        var set = Given.DaemonSet();
        set["spec"]!["updateStrategy"]!["type"] = strategy;
        set["status"]!["updatedNumberScheduled"] = updated;
        set["status"]!["numberAvailable"] = available;
        Assert.Equal(health, WorkloadHealth.Judge(WorkloadKind.DaemonSet, Given.Json(set)).Status.ToString());
    }

    public static TheoryData<string, string> Pods => new()
    {
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", "Healthy" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}}""", "Progressing" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Running","containerStatuses":[{"lastState":{"terminated":{"exitCode":1}}}]}}""", "Degraded" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}""", "Degraded" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Running","containerStatuses":[{"state":{"waiting":{"reason":"ErrImagePull"}}}]}}""", "Degraded" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"CreateContainerConfigError"}}}]}}""", "Degraded" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ContainerCreating"}}}]}}""", "Progressing" },
        { """{"spec":{"restartPolicy":"Never"},"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}""", "Progressing" },
        { """{"spec":{"restartPolicy":"OnFailure"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", "Progressing" },
        { """{"spec":{"restartPolicy":"Never"},"status":{"phase":"Succeeded"}}""", "Healthy" },
        { """{"spec":{"restartPolicy":"Never"},"status":{"phase":"Failed"}}""", "Degraded" },
        { """{"spec":{"restartPolicy":"Always"},"status":{"phase":"Odd"}}""", "Unknown" },
        { """{"metadata":{"deletionTimestamp":"2026-03-02T09:00:00Z"},"status":{"phase":"Failed"}}""", "Progressing" },
    };

    [Theory]
    [MemberData(nameof(Pods))]
    public void A_pod_is_judged_as_gitops_engine_does(string json, string health) =>
        Assert.Equal(health, PodHealth.Judge(Given.Json(JsonNode.Parse(json)!)).Status.ToString());

    [Fact]
    public async Task Health_is_bound_to_the_digest_that_runs_and_not_before_the_rollout_was_complete()
    {
        var result = await LookAsync(Given.Running('a'));
        var health = result.Health()!;
        Assert.Equal((GateStatus.Passed, "health:kubernetes"), (health.Status, health.Writer.ToString()));
        Assert.Equal([Key.Image(Given.Digest('a'))], health.Links.AsEnumerable());
        Assert.True(health.OccurredAt >= result.Rollout().OccurredAt);
    }

    // argo-cd#4669
    [Fact]
    public async Task While_another_version_serves_too_there_is_no_health()
    {
        List<JsonObject> world = [.. Given.Running('b', "web:2", 2, hash: "bbb"), Given.ReplicaSet("aaa", "web:1"), Given.Pod("web-aaa-1", "rs-aaa", Given.ImageId('a'))];
        Assert.Null((await LookAsync(world)).Health());
    }

    [Fact]
    public async Task A_pod_that_crashes_fails_it_and_its_return_passes_it_again_in_the_order_in_which_that_happened()
    {
        var good = (await LookAsync(Given.Running('a'))).Health()!;
        var crashed = Given.Running('a');
        crashed[3] = Given.Pod("web-aaa-2", "rs-aaa", Given.ImageId('a'), isReady: false, readyAt: 20);
        crashed[3]["status"]!["containerStatuses"]![0]!["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = "back-off 5m0s" } };
        var bad = (await LookAsync(crashed)).Health()!;
        crashed[3] = Given.Pod("web-aaa-2", "rs-aaa", Given.ImageId('a'), readyAt: 30);
        var back = (await LookAsync(crashed)).Health()!;
        Assert.Equal([GateStatus.Passed, GateStatus.Failed, GateStatus.Passed], new[] { good, bad, back }.Select(static f => f.Status));
        Assert.True(good.Ordinal < bad.Ordinal && bad.Ordinal < back.Ordinal);
        Assert.Equal("production/web is Degraded: back-off 5m0s", bad.Detail);
        Assert.Equal(Reason.None, bad.Reason);
    }

    [Fact]
    public async Task A_paused_Deployment_is_inconclusive()
    {
        var world = Given.Running('a');
        world[0]["spec"]!["paused"] = true;
        var health = (await LookAsync(world)).Health()!;
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), (health.Status, health.Reason));
    }

    private async Task<ProbeResult> LookAsync(List<JsonObject> world)
    {
        _cluster.Show(world);
        return await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default);
    }
}
