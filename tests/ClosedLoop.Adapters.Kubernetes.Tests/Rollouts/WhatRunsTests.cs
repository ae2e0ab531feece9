using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Rollouts;

/// <summary>What the probe says of a cluster's state: kubectl's "done" is not enough, the pods have to run it.</summary>
public sealed class WhatRunsTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task A_rollout_that_is_done_and_whose_pods_run_one_digest_is_passed_by_that_digest()
    {
        var fact = await LookAsync(Given.Running('a'));
        Assert.Equal((GateStatus.Passed, Reason.None), (fact.Status, fact.Reason));
        Assert.Equal(Key.Environment("production/web"), fact.Subject);
        Assert.Equal(("production", "web", "deployer:kubernetes"), (fact.Environment, fact.Name, fact.Writer.ToString()));
        Assert.Equal([Key.Image(Given.Digest('a'))], fact.Links.AsEnumerable());
        Assert.Equal(Given.Digest('a'), fact.Revision);
        Assert.True(fact.OccurredAt >= Given.Start + TimeSpan.FromMinutes(5));
    }

    // wire.md 6.2: rolled out is not running
    [Fact]
    public async Task A_rollout_that_is_done_without_a_pod_is_not_passed()
    {
        var fact = await LookAsync([Given.Deployment(), Given.ReplicaSet("aaa")]);
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Contains("no pod of its template is there", fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_pod_of_an_earlier_template_makes_it_mixed_with_both_digests()
    {
        List<JsonObject> world = [.. Given.Running('b', "web:2", 2, hash: "bbb"), Given.ReplicaSet("aaa", "web:1"), Given.Pod("web-aaa-1", "rs-aaa", Given.ImageId('a'), startedAt: 1)];
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Equal([Key.Image(Given.Digest('a')), Key.Image(Given.Digest('b'))], fact.Links.AsEnumerable());
        Assert.Contains("pods of an earlier template take traffic", fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_that_go_away_were_evicted_or_are_not_ready_do_not_serve()
    {
        var leaving = Given.Pod("web-aaa-1", "rs-aaa", Given.ImageId('a'));
        leaving["metadata"]!["deletionTimestamp"] = Given.At(6);
        var evicted = Given.Pod("web-bbb-9", "rs-bbb", null, isReady: false);
        evicted["status"]!["phase"] = "Failed";
        List<JsonObject> world = [.. Given.Running('b', "web:2", 2, hash: "bbb"), Given.ReplicaSet("aaa", "web:1"), leaving, evicted, Given.Pod("web-aaa-2", "rs-aaa", Given.ImageId('a'), isReady: false)];
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Passed, fact.Status);
        Assert.Equal([Key.Image(Given.Digest('b'))], fact.Links.AsEnumerable());
    }

    [Fact]
    public async Task A_new_version_that_does_not_serve_yet_is_running_and_names_only_itself()
    {
        List<JsonObject> world =
        [
            Unfinished(Given.Deployment("web:2", 2)), Given.ReplicaSet("aaa", "web:1"), Given.ReplicaSet("bbb", "web:2", "2"),
            Given.Pod("web-aaa-1", "rs-aaa", Given.ImageId('a')), Given.Pod("web-bbb-1", "rs-bbb", Given.ImageId('b'), isReady: false),
        ];
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Equal([Key.Image(Given.Digest('b'))], fact.Links.AsEnumerable());
    }

    [Fact]
    public async Task A_rollout_that_runs_out_of_time_is_failed_by_what_it_wanted_to_bring()
    {
        var deployment = Unfinished(Given.Deployment($"web@{Given.Digest('b')}", 2));
        deployment["status"]!["conditions"]![1]!["reason"] = "ProgressDeadlineExceeded";
        var fact = await LookAsync([deployment, Given.ReplicaSet("aaa", "web:1"), Given.Pod("web-aaa-1", "rs-aaa", Given.ImageId('a'))]);
        Assert.Equal(GateStatus.Failed, fact.Status);
        Assert.Equal([Key.Image(Given.Digest('b'))], fact.Links.AsEnumerable());
        Assert.Equal("production/web: deployment \"web\" exceeded its progress deadline", fact.Detail);
    }

    // neotoma#2286: the same tag, another image
    [Fact]
    public async Task Pods_of_one_template_that_run_different_images_are_mixed()
    {
        var world = Given.Running('a');
        world[3] = Given.Pod("web-aaa-2", "rs-aaa", Given.ImageId('b'), startedAt: 9, readyAt: 10);
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Equal(2, fact.Links.Count);
        Assert.Contains("a tag was moved", fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_tag_is_newer_than_what_the_same_generation_ran_before()
    {
        var before = await LookAsync(Given.Running('a'));
        var world = Given.Running('b');
        for (int i = 1; i <= 2; i++) world[i + 1] = Given.Pod($"web-aaa-{i + 2}", "rs-aaa", Given.ImageId('b'), startedAt: 30 + i, readyAt: 31 + i);
        var after = await LookAsync(world);
        Assert.True(after.Ordinal > before.Ordinal);
        Assert.Equal(GateStatus.Passed, after.Status);
        Assert.Equal([Key.Image(Given.Digest('b'))], FactJoin.Join(before, after).Links.AsEnumerable());
    }

    [Fact]
    public async Task A_pod_whose_digest_is_not_known_proves_nothing()
    {
        var world = Given.Running('a');
        world[3]["status"]!["containerStatuses"]![0]!["imageID"] = "registry.acme.example/web:1";
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Contains("the digests of its pods are not known yet", fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sidecars_count_and_finished_init_containers_do_not()
    {
        var world = Given.Running('a');
        foreach (var pod in world.Skip(2))
        {
            pod["status"]!["initContainerStatuses"] = new JsonArray(
                new JsonObject { ["name"] = "migrate", ["imageID"] = Given.ImageId('c'), ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0 } } },
                new JsonObject { ["name"] = "mesh", ["imageID"] = Given.ImageId('d'), ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Given.At(2) } } });
        }
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Passed, fact.Status);
        Assert.Equal([Key.Image(Given.Digest('a')), Key.Image(Given.Digest('d'))], fact.Links.AsEnumerable());
    }

    [Fact]
    public async Task What_is_scaled_to_nothing_asks_for_nothing()
    {
        var deployment = Given.Deployment(generation: 2, replicas: 0);
        var fact = await LookAsync([deployment, Given.ReplicaSet("aaa")]);
        Assert.Equal(GateStatus.NotApplicable, fact.Status);
        Assert.Empty(fact.Links);
        Assert.True(fact.Ordinal > (await LookAsync(Given.Running('a'))).Ordinal);
    }

    [Fact]
    public async Task Generations_then_finality_order_the_facts_and_an_object_made_again_begins_anew()
    {
        var first = await LookAsync(Given.Running('a', $"web@{Given.Digest('a')}"));
        var dip = Given.Running('a', $"web@{Given.Digest('a')}");
        dip[0]["status"]!["availableReplicas"] = 1;
        var dipped = await LookAsync(dip);
        Assert.True(dipped.Ordinal < first.Ordinal);
        var second = await LookAsync(Given.Running('b', $"web@{Given.Digest('b')}", generation: 2));
        Assert.True(second.Ordinal > first.Ordinal);
        var again = Given.Running('c', $"web@{Given.Digest('c')}");
        again[0]["metadata"]!["uid"] = "d-9";
        again[0]["metadata"]!["creationTimestamp"] = Given.At(40);
        again[1]["metadata"]!["ownerReferences"]![0]!["uid"] = "d-9";
        var recreated = await LookAsync(again);
        Assert.Equal(GateStatus.Passed, recreated.Status);
        Assert.True(recreated.Ordinal > second.Ordinal);
    }

    [Fact]
    public async Task Pods_of_another_owner_with_the_same_labels_do_not_count()
    {
        List<JsonObject> world = [Given.Deployment(), Given.ReplicaSet("aaa", owner: "d-7"), Given.Pod("x-1", "rs-aaa", Given.ImageId('a')), Given.Pod("x-2", "rs-zzz", Given.ImageId('b'))];
        var fact = await LookAsync(world);
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Empty(fact.Links);
    }

    [Fact]
    public async Task StatefulSets_and_DaemonSets_are_told_by_their_revisions()
    {
        _cluster.Show(
        [
            Given.StatefulSet("db-2", 2, 2), Given.Pod("db-0", "s-1", Given.ImageId('a'), ownerKind: "StatefulSet", revision: "db-2"), Given.Pod("db-1", "s-1", Given.ImageId('a'), ownerKind: "StatefulSet", revision: "db-2"),
            Given.DaemonSet(), Node("n-1", 'c', "1"), Node("n-2", 'c', "1"),
        ]);
        var result = await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default);
        Assert.Equal(GateStatus.Passed, result.Rollout("statefulset/db").Status);
        Assert.Equal(GateStatus.Passed, result.Rollout("daemonset/agent").Status);
        Assert.Equal(Key.Environment("production/statefulset/db"), result.Rollout("statefulset/db").Subject);

        // A partition keeps old pods: kubectl says complete, the pods say mixed.
        var part = Given.StatefulSet("db-2", 2, 2);
        part["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 1;
        part["status"]!["updatedReplicas"] = 1;
        part["status"]!["currentRevision"] = "db-1";
        _cluster.Show([part, Given.Pod("db-0", "s-1", Given.ImageId('a'), revision: "db-1"), Given.Pod("db-1", "s-1", Given.ImageId('b'), revision: "db-2"), Given.DaemonSet(2), Node("n-1", 'c', "1"), Node("n-2", 'd', "2")]);
        result = await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default);
        Assert.Equal((GateStatus.Running, 2), (result.Rollout("statefulset/db").Status, result.Rollout("statefulset/db").Links.Count));
        Assert.Equal((GateStatus.Running, 2), (result.Rollout("daemonset/agent").Status, result.Rollout("daemonset/agent").Links.Count));

        static JsonObject Node(string name, char digest, string generation)
        {
            var pod = Given.Pod(name, "ds-1", Given.ImageId(digest), ownerKind: "DaemonSet", revision: $"h{generation}");
            pod["metadata"]!["labels"]!["pod-template-generation"] = generation;
            return pod;
        }
    }

    [Fact]
    public async Task A_strategy_without_a_rollout_is_misconfigured_and_not_failed()
    {
        var set = Given.StatefulSet();
        set["spec"]!["updateStrategy"] = new JsonObject { ["type"] = "OnDelete" };
        _cluster.Show([set]);
        var fact = (await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default)).Rollout("statefulset/db");
        Assert.Equal((GateStatus.Waiting, Reason.Misconfigured), (fact.Status, fact.Reason));
    }

    private async Task<Fact> LookAsync(List<JsonObject> world)
    {
        _cluster.Show(world);
        var result = await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        return result.Rollout();
    }

    private static JsonObject Unfinished(JsonObject deployment)
    {
        deployment["status"]!["updatedReplicas"] = 1;
        return deployment;
    }
}
