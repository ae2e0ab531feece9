using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Explaining;

public sealed class ExplainTests
{
    [Fact]
    public void A_whole_world_is_explained_with_what_really_runs()
    {
        var explained = Given.Explain(Given.Running('a'));
        Assert.Equal("passed", explained.Verdict);
        Assert.Equal("done", explained.Summary["rollout"]);
        Assert.Equal("deployment \"web\" successfully rolled out", explained.Summary["message"]);
        Assert.Equal([Given.Digest('a')], explained.DigestsOf());
        Assert.Equal("Healthy", explained.Summary["health"]);
        Assert.Equal(Key.Environment("production/web"), Assert.Single(explained.Facts).Subject);
        Assert.Empty(explained.Ignored);
        Assert.Empty(explained.Diagnostics);
    }

    [Fact]
    public void A_Deployment_alone_says_what_kubectl_says_and_that_nobody_looked_at_pods()
    {
        var explained = Given.Explain(Given.Deployment($"web@{Given.Digest('b')}").ToJsonString());
        Assert.Equal(("passed", "done"), (explained.Verdict, explained.Summary["rollout"]));
        Assert.Equal([Given.Digest('b')], explained.DigestsOf());
        Assert.Contains("no pods are given", Assert.Single(explained.Diagnostics), StringComparison.Ordinal);
        Assert.Empty(Given.Explain(Given.Deployment().ToJsonString()).DigestsOf());
    }

    [Fact]
    public void Done_is_not_passed_when_the_pods_run_something_else_or_are_not_there()
    {
        Assert.Equal("running", Given.Explain(Given.Deployment(), Given.ReplicaSet("aaa")).Verdict);
        var other = Given.Explain([.. Given.Running('b', "web:2", 2, hash: "bbb"), Given.ReplicaSet("aaa", "web:1"), Given.Pod("web-aaa-1", "rs-aaa", Given.ImageId('a'))]);
        Assert.Equal(("running", "done"), (other.Verdict, other.Summary["rollout"]));
        Assert.Equal([Given.Digest('a'), Given.Digest('b')], other.DigestsOf());
        var zero = Given.Explain(Given.Deployment(replicas: 0).ToJsonString());
        Assert.Equal(("none", "done"), (zero.Verdict, zero.Summary["rollout"]));
    }

    [Fact]
    public void Several_workloads_are_each_a_fact_and_the_worst_of_them_is_the_rollout()
    {
        var waiting = Given.Deployment(name: "api", uid: "d-2");
        waiting["status"]!["availableReplicas"] = 1;
        var failed = Given.Deployment(name: "job", uid: "d-3");
        failed["status"]!["conditions"]![1]!["reason"] = "ProgressDeadlineExceeded";
        var two = Given.Explain(Given.Deployment(), waiting);
        Assert.Equal(("running", "waiting", 2), (two.Verdict, two.Summary["rollout"], two.Facts.Length));
        var three = Given.Explain(Given.Deployment(), waiting, failed);
        Assert.Equal(("failed", "failed", 3), (three.Verdict, three.Summary["rollout"], three.Facts.Length));
        Assert.Equal(3, ((string)three.Summary["message"]).Split('\n').Length);
    }

    [Fact]
    public void One_object_after_the_other_an_array_and_a_typed_list_are_read_alike()
    {
        var world = Given.Running('a');
        var list = Given.Explain(world);
        Assert.Equal(list.Facts.ToArray(), Given.Explain(string.Join("\n", world.Select(static w => w.ToJsonString()))).Facts.ToArray());
        Assert.Equal(list.Facts.ToArray(), Given.Explain(new JsonArray([.. world.Select(static w => w.DeepClone())]).ToJsonString()).Facts.ToArray());
        Assert.Equal(list.Facts.ToArray(), Given.Explain("\uFEFF" + Given.List(world).ToJsonString()).Facts.ToArray());
        var bare = (JsonObject)world[0].DeepClone();
        bare.Remove("kind");
        Assert.Equal("done", Given.Explain(new JsonObject { ["kind"] = "DeploymentList", ["items"] = new JsonArray(bare) }.ToJsonString()).Summary["rollout"]);
    }

    [Fact]
    public void YAML_is_read_like_JSON_with_texts_where_they_are_quoted()
    {
        const string yaml = """
            # as kubectl get -o yaml writes it
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              annotations: {deployment.kubernetes.io/revision: "4", note: "3"}
              generation: 4
              name: web
              namespace: shop
            spec:
              paused: false
              replicas: REPLICAS
              template:
                metadata: {creationTimestamp: null}
                spec:
                  containers:
                  - image: web:1
                    args: [--verbose]
            status:
              observedGeneration: 4
              availableReplicas: 1
              replicas: 2
              updatedReplicas: 1
            """;
        var explained = Given.Explain(yaml.Replace("REPLICAS", "1", StringComparison.Ordinal));
        Assert.Equal("Waiting for deployment \"web\" rollout to finish: 1 old replicas are pending termination...", explained.Summary["message"]);
        Assert.Equal(Key.Environment("shop/web"), Assert.Single(explained.Facts).Subject);
        Assert.Equal(Reason.Unrecognized, Assert.Single(Given.Explain(yaml.Replace("REPLICAS", "\"1\"", StringComparison.Ordinal)).Facts).Reason);
        Assert.Equal(2, Given.Explain(yaml.Replace("REPLICAS", "1", StringComparison.Ordinal) + "\n---\n" + yaml.Replace("REPLICAS", "2", StringComparison.Ordinal)).Facts.Length);
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x")]
    [InlineData("? {a: b}\n: c")]
    [InlineData("a: [")]
    [InlineData("a: \"\\ud800\"")]
    [InlineData("- - - -")]
    [InlineData("<html>")]
    public void YAML_that_is_not_taken_is_ignored_with_a_reason(string yaml) => Assert.NotEmpty(Given.Explain(yaml).Ignored);

    [Theory]
    [InlineData("")]
    [InlineData("kind: Deployment")]
    [InlineData("{\"kind\":\"Deployment\"")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"Service\"}")]
    [InlineData("{\"kind\":\"Deployment\"}")]
    [InlineData("{\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a/../b\"}}")]
    [InlineData("{\"kind\":\"Pod\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void What_is_no_workload_is_ignored_with_a_reason(string text)
    {
        var explained = Given.Explain(text);
        Assert.Equal("none", explained.Verdict);
        Assert.Empty(explained.Facts);
        Assert.NotEmpty(explained.Ignored);
        Assert.All(explained.Ignored, static i => Assert.NotEqual("", i));
    }

    [Fact]
    public void A_broken_number_is_no_evidence()
    {
        var deployment = Given.Deployment();
        deployment["status"]!["updatedReplicas"] = "2";
        var explained = Given.Explain(deployment.ToJsonString());
        var fact = Assert.Single(explained.Facts);
        Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (fact.Status, fact.Reason));
        Assert.Equal(("none", "waiting"), (explained.Verdict, explained.Summary["rollout"]));
        Assert.Contains(explained.Diagnostics, static d => d.Contains("counts as no evidence", StringComparison.Ordinal));
    }
}
