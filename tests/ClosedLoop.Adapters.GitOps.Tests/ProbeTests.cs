using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>Polling, over a socket.</summary>
public sealed class ProbeTests : IAsyncLifetime
{
    private const string Applications = "apis/argoproj.io/v1alpha1/applications", Rollouts = "apis/argoproj.io/v1alpha1/rollouts";
    private const string Kustomizations = "apis/kustomize.toolkit.fluxcd.io/v1/kustomizations", HelmReleases = "apis/helm.toolkit.fluxcd.io/v2/helmreleases";

    private readonly ManualTimeProvider _time = new(Given.At(600));
    private FakeApi _api = null!;

    public async Task InitializeAsync() => _api = await FakeApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData(ArgoCDSource.Api, "api/v1/applications")]
    [InlineData(ArgoCDSource.Kubernetes, Applications)]
    public async Task Applications_are_read_from_either_api_and_give_the_facts_of_their_notifications(ArgoCDSource source, string path)
    {
        JsonObject[] apps = [.. Enumerable.Range(0, 5).Select(i => Given.App(10 + i, "Healthy", 11 + i, "a", name: $"web-{i}"))];
        _api.Lists[path] = [.. apps];
        var adapter = ArgoCD(o => o.Source = source);
        var result = await SweepAsync(adapter);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(apps.SelectMany(a => adapter.Translate(a).Facts).OrderBy(static f => f.Register), result.Facts.OrderBy(static f => f.Register));
        Assert.Equal(_api.Requests.Count, result.Calls);
        Assert.Equal(source == ArgoCDSource.Api ? 1 : 3, _api.Requests.Count);
    }

    [Fact]
    public async Task Rollouts_and_flux_objects_give_the_facts_of_their_notifications()
    {
        var rollout = Given.Rollout(2, "2", "Healthy");
        _api.Lists[Rollouts] = [rollout];
        var rollouts = ArgoRolloutsAdapter.Create(Given.Options<ArgoRolloutsOptions>(_api.Apply), new HttpClient(SourceClient.CreateHandler()), _time);
        Assert.Equal(rollouts.Translate(rollout).Facts.AsEnumerable(), (await SweepAsync(rollouts)).Facts);

        JsonObject kustomization = Given.Kustomization("True", "ReconciliationSucceeded", 5), release = Given.Kustomization("True", "UpgradeSucceeded", 6, kind: "HelmRelease");
        _api.Lists[Kustomizations] = [kustomization];
        _api.Lists[HelmReleases] = [release];
        var flux = Flux(static o => o.Targets.Clear(), static o => o.Targets.Add(new GitOpsTarget { Name = "web", Repository = "acme/web" }));
        var read = await SweepAsync(flux);
        Assert.Equal(flux.Translate(kustomization).Facts.Concat(flux.Translate(release).Facts), read.Facts);
        Assert.Equal(4, read.Facts.Length);
    }

    [Fact]
    public async Task Only_the_configured_namespaces_are_asked_for()
    {
        _api.Lists["apis/argoproj.io/v1alpha1/namespaces/shop/rollouts"] = [Given.Rollout(2, "2", "Healthy")];
        var adapter = ArgoRolloutsAdapter.Create(Given.Options<ArgoRolloutsOptions>(o => { _api.Apply(o); o.Namespaces.Add("shop"); }), new HttpClient(SourceClient.CreateHandler()), _time);
        Assert.Equal(2, (await SweepAsync(adapter)).Facts.Length);
    }

    [Fact]
    public async Task Single_keys_are_answered_with_their_own_facts_by_target_or_by_image()
    {
        _api.Lists[Applications] = [Given.App(10, "Healthy", 11, "a", name: "one"), Given.App(10, "Healthy", 11, "b", name: "two")];
        var probe = ArgoCD(static o => o.Source = ArgoCDSource.Kubernetes).Probe!;
        var batch = new ProbeBatch { Source = "argocd", At = Given.At(600), Keys = [Key.Environment("production/one")] };
        Assert.All((await probe.ProbeAsync(batch, default)).Facts, static f => Assert.Equal("one", f.Name));
        Assert.All((await probe.ProbeAsync(batch with { Keys = [Key.Image(Given.Digest('b'))] }, default)).Facts, static f => Assert.Equal("two", f.Name));
        Assert.Empty((await probe.ProbeAsync(batch with { Keys = [Key.Environment("production/three")] }, default)).Facts);
    }

    [Fact]
    public async Task A_token_in_a_file_is_read_again_for_each_look()
    {
        string file = Path.GetTempFileName();
        try
        {
            _api.Lists[Applications] = [Given.App(10, "Healthy", 11, "a")];
            await File.WriteAllTextAsync(file, "canary-old-token\n");
            var adapter = ArgoCD(o => (o.Source, o.Token, o.TokenFile) = (ArgoCDSource.Kubernetes, null, file));
            var refused = await SweepAsync(adapter);
            Assert.Equal(ProbeOutcome.Unreachable, refused.Outcome);
            Assert.DoesNotContain("canary", refused.Detail, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, Given.Token + "\n");
            Assert.Equal(ProbeOutcome.Reached, (await SweepAsync(adapter)).Outcome);
            File.Delete(file);
            var gone = await SweepAsync(adapter);
            Assert.Equal(ProbeOutcome.Unreachable, gone.Outcome);
            Assert.Contains("TokenFile", gone.Detail, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(401, ProbeOutcome.Unreachable)]
    [InlineData(403, ProbeOutcome.Unreachable)]
    [InlineData(404, ProbeOutcome.Unreachable)]
    [InlineData(410, ProbeOutcome.Unreachable)]
    [InlineData(302, ProbeOutcome.Unreachable)]
    [InlineData(500, ProbeOutcome.Unreachable)]
    [InlineData(429, ProbeOutcome.RateLimited)]
    public async Task A_refusal_makes_the_gates_blind_and_repeats_no_secret(int status, ProbeOutcome outcome)
    {
        _api.Instead = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://169.254.169.254/";
            return Task.FromResult(true);
        };
        var result = await SweepAsync(ArgoCD());
        Assert.Equal((outcome, 0), (result.Outcome, result.Facts.Length));
        Assert.NotEmpty(result.Detail!);
        Assert.DoesNotContain("canary", result.Detail, StringComparison.Ordinal);
        Assert.Single(_api.Requests);
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"items\":[")]
    [InlineData("{\"error\":\"no session\"}")]
    public async Task An_answer_that_is_no_list_is_no_evidence(string body)
    {
        _api.Instead = async context =>
        {
            await context.Response.WriteAsync(body);
            return true;
        };
        Assert.Equal(ProbeOutcome.Unreachable, (await SweepAsync(ArgoCD())).Outcome);
    }

    [Fact]
    public async Task A_list_that_is_not_there_does_not_hide_the_other()
    {
        _api.Lists[HelmReleases] = [];
        _api.Lists[Kustomizations] = [Given.Kustomization("True", "ReconciliationSucceeded", 5)];
        _api.Lists.TryRemove(HelmReleases, out _);
        var result = await SweepAsync(Flux(Given.Tracked));
        Assert.Equal((ProbeOutcome.Unreachable, 2), (result.Outcome, result.Facts.Length));
        Assert.Contains("HelmRelease", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_allowance_is_kept_and_pages_without_end_are_given_up()
    {
        _api.Lists[Applications] = [.. Enumerable.Range(0, 9).Select(i => Given.App(10, "Healthy", 11, "a", name: $"web-{i}"))];
        var adapter = ArgoCD(static o => o.Source = ArgoCDSource.Kubernetes);
        var result = await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "argocd", At = Given.At(600), SweepSince = Given.Start, Allowance = 2 }, default);
        Assert.Equal((ProbeOutcome.RateLimited, 2, 8, (DateTimeOffset?)null), (result.Outcome, result.Calls, result.Facts.Length, result.RetryAt));

        _api.Instead = async context =>
        {
            await context.Response.WriteAsync("{\"metadata\":{\"continue\":\"again\"},\"items\":[]}");
            return true;
        };
        Assert.InRange((await SweepAsync(adapter)).Calls!.Value, 1, 100);
    }

    private AdapterRegistration ArgoCD(Action<ArgoCDOptions>? change = null) =>
        ArgoCDAdapter.Create(Given.Options<ArgoCDOptions>(o => { _api.Apply(o); change?.Invoke(o); }), new HttpClient(SourceClient.CreateHandler()), _time);

    private AdapterRegistration Flux(params Action<FluxOptions>[] changes) =>
        FluxAdapter.Create(
            Given.Options<FluxOptions>(o =>
            {
                _api.Apply(o);
                foreach (var change in changes) change(o);
            }),
            new HttpClient(SourceClient.CreateHandler()),
            _time);

    private static ValueTask<ProbeResult> SweepAsync(AdapterRegistration adapter) => adapter.Probe!.ProbeAsync(new ProbeBatch { Source = adapter.Name, At = Given.At(600), SweepSince = Given.Start }, default);
}
