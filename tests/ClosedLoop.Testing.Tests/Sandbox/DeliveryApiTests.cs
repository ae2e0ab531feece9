using System.Net;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Adapters.CDEvents;
using ClosedLoop.Adapters.GitOps;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The faces of the systems that roll out and of the services, over real HTTP.</summary>
public sealed class DeliveryApiTests
{
    [Theory]
    [InlineData(SandboxDelivery.ArgoCD, "argocd", SandboxSourceHost.GitHub, "github")]
    [InlineData(SandboxDelivery.Flux, "flux", SandboxSourceHost.GitLab, "gitlab")]
    [InlineData(SandboxDelivery.ArgoRollouts, "argo-rollouts", SandboxSourceHost.Gitea, "gitea")]
    [InlineData(SandboxDelivery.CDEvents, "cdevents", SandboxSourceHost.GitHub, "github")]
    public async Task Every_webhook_of_the_system_that_rolls_out_proves_its_sender_to_the_adapter_and_is_understood(SandboxDelivery delivery, string source, SandboxSourceHost host, string hostSource)
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { Delivery = delivery, SourceHost = host }, (_, _) => 202);
        using var http = new HttpClient();
        var adapter = Adapter(delivery, run.Sandbox.Secrets.DeliveryWebhookSecret, http);
        var stranger = Adapter(delivery, "another-secret-of-the-tests-0123456789", http);

        Assert.Equal([.. new[] { hostSource, "jenkins", "registry", source }.Order(StringComparer.Ordinal)], run.Hooks.Select(static h => h.Source).Distinct().Order(StringComparer.Ordinal));
        foreach (var hook in run.Hooks.Where(h => h.Source == source))
        {
            var sent = Delivery(hook);
            Assert.True(adapter.Authenticator!.IsAuthentic(sent), hook.Source);
            Assert.False(stranger.Authenticator!.IsAuthentic(sent), hook.Source);
            var translation = adapter.Translator!.Translate(sent);
            Assert.NotEqual(TranslationOutcome.Malformed, translation.Outcome);
            Assert.Empty(translation.Diagnostics);
        }
    }

    [Fact]
    public async Task Argo_CD_answers_with_what_is_asked_for_and_to_its_own_token_only()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { Delivery = SandboxDelivery.ArgoCD }, null);
        var (address, token) = (run.Sandbox.Addresses.ArgoCD, run.Sandbox.Secrets.ArgoCDToken);

        using (var refused = await run.GetAsync(address, "api/v1/applications", run.Sandbox.Secrets.ClusterToken)) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using (var missing = await run.GetAsync(address, "api/v1/applications/no-such", token)) Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        var all = (await run.GetJsonAsync(address, "api/v1/applications", token)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(run.Sandbox.Targets.Select(static t => t.Name).Order(), all.Select(static a => a.GetProperty("metadata").GetProperty("name").GetString()).Order());
        Assert.All(all, static a => Assert.Equal(("Healthy", "Succeeded", 1), (a.GetProperty("status").GetProperty("health").GetProperty("status").GetString(), a.GetProperty("status").GetProperty("operationState").GetProperty("phase").GetString(), a.GetProperty("status").GetProperty("summary").GetProperty("images").GetArrayLength())));
        Assert.Equal(all[0].GetProperty("metadata").GetRawText(), (await run.GetJsonAsync(address, $"api/v1/applications/{all[0].GetProperty("metadata").GetProperty("name")}", token)).GetProperty("metadata").GetRawText());

        var some = await run.GetJsonAsync(address, "api/v1/applications?fields=items.metadata.name,items.status.health", token);
        Assert.Equal("""{"name":"web"}""", some.GetProperty("items")[0].GetProperty("metadata").GetRawText());
        Assert.Equal(["health"], some.GetProperty("items")[0].GetProperty("status").EnumerateObject().Select(static m => m.Name));
        Assert.Equal(JsonValueKind.Null, (await run.GetJsonAsync(address, "api/v1/applications?appNamespace=elsewhere", token)).GetProperty("items").ValueKind);
    }

    [Theory]
    [InlineData(SandboxDelivery.ArgoCD, "apis/argoproj.io/v1alpha1", "applications", "argocd", "Application")]
    [InlineData(SandboxDelivery.Flux, "apis/kustomize.toolkit.fluxcd.io/v1", "kustomizations", "production", "Kustomization")]
    [InlineData(SandboxDelivery.ArgoRollouts, "apis/argoproj.io/v1alpha1", "rollouts", "production", "Rollout")]
    public async Task The_cluster_has_the_objects_of_the_system_that_rolls_out_beside_its_own(SandboxDelivery delivery, string group, string resource, string space, string kind)
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { Delivery = delivery }, null);
        var (address, token) = (run.Sandbox.Addresses.Cluster, run.Sandbox.Secrets.ClusterToken);

        var all = (await run.GetJsonAsync(address, $"{group}/{resource}?limit=100", token)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(run.Sandbox.Targets.Count, all.Count);
        Assert.All(all, o => Assert.Equal(kind, o.GetProperty("kind").GetString()));
        Assert.Equal(all.Count, (await run.GetJsonAsync(address, $"{group}/namespaces/{space}/{resource}", token)).GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await run.GetJsonAsync(address, $"{group}/namespaces/elsewhere/{resource}", token)).GetProperty("items").GetArrayLength());
        Assert.Equal("web", (await run.GetJsonAsync(address, $"{group}/namespaces/{space}/{resource}/web", token)).GetProperty("metadata").GetProperty("name").GetString());
        using (var refused = await run.GetAsync(address, $"{group}/{resource}", "no-token")) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using (var other = await run.GetAsync(address, $"{group}/nosuchthings", token)) Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var own = await run.GetAsync(address, "apis/apps/v1/namespaces/production/deployments", token);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_service_says_how_it_is_and_which_commit_answers_and_Prometheus_the_same()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, null);
        var prometheus = run.Sandbox.Addresses.Prometheus;

        Assert.Equal(run.Sandbox.Repositories.Count * 2, run.Sandbox.Targets.Count);
        foreach (var target in run.Sandbox.Targets)
        {
            var answer = JsonDocument.Parse(await run.Http.GetStringAsync(target.Health)).RootElement;
            string commit = answer.GetProperty("commit").GetString()!;
            Assert.Equal("UP", answer.GetProperty("status").GetString());
            using (var known = await run.GetAsync(run.Sandbox.Addresses.GitHub, $"repos/{target.Repository}/commits/{commit}/check-runs", run.Sandbox.Secrets.GitHubToken)) Assert.Equal(HttpStatusCode.OK, known.StatusCode);
            var build = Assert.Single(await QueryAsync($"build_info{{job=\"services\",target=\"{target.Name}\"}}"));
            Assert.Equal(commit, build.GetProperty("metric").GetProperty("revision").GetString());
            var ratio = Assert.Single(await QueryAsync($"request_error_ratio{{target=\"{target.Name}\", revision=\"{commit}\"}}"));
            Assert.Equal("0.001", ratio.GetProperty("value")[1].GetString());
        }
        Assert.Equal(run.Sandbox.Targets.Count, (await QueryAsync("build_info")).Count);
        Assert.Empty(await QueryAsync("no_such_series"));
        using (var wrong = await run.Http.GetAsync(new Uri(prometheus, "api/v1/query?query=" + Uri.EscapeDataString("sum(")))) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using (var nowhere = await run.Http.GetAsync(new Uri(prometheus, "api/v2/query"))) Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        using var unknown = await run.Http.GetAsync(new Uri(run.Sandbox.Addresses.Services, "no-such/health"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        async Task<List<JsonElement>> QueryAsync(string query)
        {
            var answer = JsonDocument.Parse(await run.Http.GetStringAsync(new Uri(prometheus, "api/v1/query?query=" + Uri.EscapeDataString(query)))).RootElement;
            Assert.Equal(("success", "vector"), (answer.GetProperty("status").GetString(), answer.GetProperty("data").GetProperty("resultType").GetString()));
            return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
        }
    }

    // A service is not healthy before its first check, nor while that fails.
    [Fact]
    public async Task A_service_that_is_not_verified_yet_or_found_bad_does_not_say_that_it_is_up()
    {
        var world = new DrivenWorld(SandboxRun.Fast with { Speed = 1 });
        using var http = new HttpClient(new WorldHttp(world.World));
        int down = 0, starting = 0;
        while (await world.StepAsync())
        {
            foreach (var target in world.World.Targets)
            {
                using var answer = await http.GetAsync(target.Health);
                var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                string status = body.GetProperty("status").GetString()!;
                Assert.Equal(status == "UP", answer.StatusCode == HttpStatusCode.OK);
                down += status == "DOWN" ? 1 : 0;
                starting += status == "OUT_OF_SERVICE" ? 1 : 0;
            }
        }
        Assert.True(down > 0 && starting > 0, $"{down} times down, {starting} times starting");
    }

    [Fact]
    public async Task A_system_that_is_none_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => DeliverySandbox.StartAsync(new SandboxOptions { Delivery = (SandboxDelivery)9 }, TimeProvider.System));

        Assert.Contains("SandboxOptions:Delivery", refused.Message, StringComparison.Ordinal);
    }

    private static AdapterRegistration Adapter(SandboxDelivery delivery, string secret, HttpClient http)
    {
        switch (delivery)
        {
            case SandboxDelivery.ArgoCD: return ArgoCDAdapter.Create(new ArgoCDOptions { Environment = "production", WebhookSecret = secret }, http, TimeProvider.System);
            case SandboxDelivery.Flux: return FluxAdapter.Create(new FluxOptions { Environment = "production", WebhookSecret = secret }, http, TimeProvider.System);
            case SandboxDelivery.ArgoRollouts: return ArgoRolloutsAdapter.Create(new ArgoRolloutsOptions { Environment = "production", WebhookSecret = secret }, http, TimeProvider.System);
            default:
                var options = new CDEventsOptions { Secret = secret };
                options.Sources.Add(new CDEventsSource { Source = "/sandbox/*", Roles = { WriterRoles.SourceControl, WriterRoles.Ci, WriterRoles.Registry, WriterRoles.Deployer, WriterRoles.Health } });
                return CDEventsAdapter.Create(options);
        }
    }

    private static WebhookDelivery Delivery(Hook hook) => new() { Source = hook.Source, Headers = hook.Headers, Body = hook.Body, ReceivedAt = DateTimeOffset.UtcNow };
}
