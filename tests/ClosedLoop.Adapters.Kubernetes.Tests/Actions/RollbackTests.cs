using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Actions;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Actions;

public sealed class RollbackTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        Show(Given.Deployment("web:2", 2));
    }

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task The_template_of_the_revision_before_is_put_back_if_nobody_changed_the_Deployment_meanwhile()
    {
        var deployment = Given.Deployment("web:2", 2);
        deployment["metadata"]!["annotations"]!["team"] = "shop";
        Show(deployment);
        var result = await Rollback().UndoAsync(Given.Namespace, "web");
        Assert.Equal(new RollbackResult(RollbackOutcome.RolledBack, "rolled back", 1), result);
        var (path, type, body) = Assert.Single(_cluster.Patches);
        Assert.Equal(("/apis/apps/v1/namespaces/production/deployments/web", "application/json-patch+json"), (path, type));
        var patch = JsonNode.Parse(body)!.AsArray();
        Assert.Equal(["test", "replace", "replace"], patch.Select(static o => o!["op"]!.GetValue<string>()));
        Assert.Equal("812", patch[0]!["value"]!.GetValue<string>());
        Assert.Equal("web:1", patch[1]!["value"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>());
        Assert.Null(patch[1]!["value"]!["metadata"]!["labels"]!["pod-template-hash"]);
        // As with kubectl: what only the Deployment has is lost.
        Assert.Null(patch[2]!["value"]!["team"]);
    }

    [Fact]
    public async Task Nothing_is_asked_or_changed_unless_it_is_allowed_and_the_namespace_is_configured()
    {
        var results = new[]
        {
            await Rollback(allowed: false).UndoAsync(Given.Namespace, "web"),
            await Rollback().UndoAsync("kube-system", "coredns"),
            await Rollback().UndoAsync(Given.Namespace, "../../../../api/v1/namespaces/x"),
            await Rollback().UndoAsync(Given.Namespace, ".."),
            await Rollback().UndoAsync(Given.Namespace, "statefulset/.."),
            await Rollback().UndoAsync(Given.Namespace, "daemonset/"),
            await Rollback().UndoAsync(Given.Namespace, "job/x"),
        };
        Assert.All(results, static r => Assert.Equal(RollbackOutcome.Refused, r.Outcome));
        Assert.Contains("Kubernetes:AllowRollback", results[0].Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Requests);
    }

    [Theory]
    [InlineData("argocd.argoproj.io/tracking-id", "Argo CD")]
    [InlineData("kustomize.toolkit.fluxcd.io/name", "Flux")]
    [InlineData("helm.toolkit.fluxcd.io/name", "Flux")]
    public async Task What_git_keeps_is_rolled_back_in_git_unless_told_otherwise(string annotation, string keeper)
    {
        var deployment = Given.Deployment("web:2", 2);
        deployment["metadata"]!["annotations"]![annotation] = "x";
        Show(deployment);
        var result = await Rollback().UndoAsync(Given.Namespace, "web");
        Assert.Equal(RollbackOutcome.Refused, result.Outcome);
        Assert.StartsWith(keeper, result.Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Patches);
        Assert.Equal(RollbackOutcome.RolledBack, (await Rollback().UndoAsync(Given.Namespace, "web", overrideGit: true)).Outcome);
    }

    [Theory]
    [InlineData(422, "changed meanwhile")]
    [InlineData(403, "403")]
    [InlineData(500, "500")]
    public async Task A_change_that_is_refused_is_failed_and_says_why(int status, string message)
    {
        _cluster.Instead = async context =>
        {
            if (context.Request.Method != "PATCH") return false;
            await FakeCluster.StatusAsync(context, status, "No");
            return true;
        };
        var result = await Rollback().UndoAsync(Given.Namespace, "web", 1);
        Assert.Equal((RollbackOutcome.Failed, 1L), (result.Outcome, result.Revision));
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatefulSet", "statefulset/db")]
    [InlineData("DaemonSet", "daemonset/agent")]
    public async Task The_revision_before_is_put_back_as_the_patch_that_its_controller_kept(string kind, string target)
    {
        var (path, type, body) = await UndoneAsync(kind, target);
        var workload = Workload(kind);
        Assert.Equal(($"/apis/apps/v1/namespaces/production/{kind.ToLowerInvariant()}s/{workload["metadata"]!["name"]}", "application/strategic-merge-patch+json"), (path, type));
        var patch = JsonNode.Parse(body)!;
        Assert.Equal("812", patch["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Equal("replace", patch["spec"]!["template"]!["$patch"]!.GetValue<string>());
        Assert.Equal("app:2", patch["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_revision_that_has_no_template_or_is_of_another_set_is_not_taken()
    {
        var set = Workload("StatefulSet");
        var empty = Given.ControllerRevision(set, 1, Given.Template("app:1", "db"));
        empty["data"] = new JsonObject { ["spec"] = new JsonObject() };
        var foreign = Given.ControllerRevision(Given.DaemonSet(), 2, Given.Template("app:2", "db"));
        foreign["metadata"]!["labels"]!["app"] = "db";
        _cluster.Show([set, empty, foreign]);
        Assert.Equal("no last revision to roll back to", (await Rollback().UndoAsync(Given.Namespace, "statefulset/db")).Message);
        Assert.Equal("unable to find specified revision 2 in history", (await Rollback().UndoAsync(Given.Namespace, "statefulset/db", 2)).Message);
        Assert.Equal("the ControllerRevision of revision 1 has no template", (await Rollback().UndoAsync(Given.Namespace, "statefulset/db", 1)).Message);
        Assert.Empty(_cluster.Patches);
    }

    [Fact]
    public async Task A_StatefulSet_that_was_changed_meanwhile_stays_as_it_is()
    {
        _cluster.Instead = async context =>
        {
            if (context.Request.Method != "PATCH") return false;
            await FakeCluster.StatusAsync(context, 409, "Conflict");
            return true;
        };
        var set = Workload("StatefulSet");
        _cluster.Show([set, .. Revisions(set)]);
        var result = await Rollback().UndoAsync(Given.Namespace, "statefulset/db");
        Assert.Equal((RollbackOutcome.Failed, 2L), (result.Outcome, result.Revision));
        Assert.Contains("changed meanwhile", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        Assert.Equal("there is no Deployment production/api", (await Rollback().UndoAsync(Given.Namespace, "api")).Message);
        Assert.Equal("there is no DaemonSet production/web", (await Rollback().UndoAsync(Given.Namespace, "daemonset/web")).Message);
        Assert.Equal("unable to find specified revision 9 in history", (await Rollback().UndoAsync(Given.Namespace, "web", 9)).Message);
        Assert.Equal("unable to find specified revision -1 in history", (await Rollback().UndoAsync(Given.Namespace, "web", -1)).Message);
    }

    private async Task<(string Path, string? ContentType, string Body)> UndoneAsync(string kind, string target)
    {
        var workload = Workload(kind);
        _cluster.Show([workload, .. Revisions(workload)]);
        Assert.Equal(new RollbackResult(RollbackOutcome.RolledBack, "rolled back", 2), await Rollback().UndoAsync(Given.Namespace, target));
        return Assert.Single(_cluster.Patches);
    }

    private static JsonObject Workload(string kind) => kind == "StatefulSet" ? Given.StatefulSet() : Given.DaemonSet();

    // The one of revision 3 is what runs.
    private static IEnumerable<JsonObject> Revisions(JsonObject workload) =>
        new[] { 3L, 1L, 2L }.Select(n => Given.ControllerRevision(workload, n, n == 3 ? (JsonObject)workload["spec"]!["template"]! : Given.Template($"app:{n}", workload["metadata"]!["name"]!.GetValue<string>())));

    private void Show(JsonObject deployment) =>
        _cluster.Show([deployment, Given.ReplicaSet("aaa", "web:1", "1"), Given.ReplicaSet("bbb", "web:2", "2", createdAt: 5)]);

    private KubernetesRollback Rollback(bool allowed = true)
    {
        var options = Given.Options(_cluster.Address, o => o.AllowRollback = allowed);
        return KubernetesAdapter.CreateRollback(options, new HttpClient(KubernetesAdapter.CreateHandler(options)), TimeProvider.System);
    }
}
