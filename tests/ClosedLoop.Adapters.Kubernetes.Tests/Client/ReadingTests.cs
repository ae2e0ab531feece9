using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Client;

/// <summary>Reading over a real socket: paging, what goes wrong, tokens, budgets.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private const string Canary = "canary-token-4f1c0ffee";

    private FakeCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task A_look_is_five_lists_of_the_namespace_with_the_selector_on_workloads_only()
    {
        var world = Given.Running('a');
        world[0]["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["part"] = "shop" };
        _cluster.Show([.. world, Given.Deployment(name: "other", uid: "d-2")]);
        var result = await Given.Probe(_cluster, static o => o.Namespaces[0].LabelSelector = "part=shop").ProbeAsync(Given.Sweep, default);
        Assert.Equal(["web"], result.Facts.Where(static f => f.Kind == Gates.RolledOut).Select(static f => f.Name));
        Assert.Equal(5, result.Calls);
        Assert.Equal(3, _cluster.Requests.Count(static r => r.Contains("labelSelector=part%3Dshop", StringComparison.Ordinal)));
        Assert.All(_cluster.Requests, static r => Assert.Contains("limit=500", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Long_lists_are_read_page_by_page()
    {
        var world = Given.Running('a');
        for (int i = 0; i < 1200; i++) world.Add(Given.Pod($"x-{i}", "rs-other", Given.ImageId('f')));
        _cluster.Show(world);
        var result = await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default);
        Assert.Equal(GateStatus.Passed, result.Rollout().Status);
        Assert.Equal(7, result.Calls);
    }

    [Theory]
    [InlineData(1, ProbeOutcome.Reached)]
    [InlineData(99, ProbeOutcome.Unreachable)]
    public async Task A_page_that_expired_begins_the_list_anew_and_not_for_ever(int expiries, ProbeOutcome outcome)
    {
        var world = Given.Running('a');
        for (int i = 0; i < 600; i++) world.Add(Given.Pod($"x-{i}", "rs-other", Given.ImageId('f')));
        _cluster.Show(world);
        int left = expiries;
        _cluster.Instead = async context =>
        {
            if (!context.Request.Query.ContainsKey("continue") || left-- <= 0) return false;
            await FakeCluster.StatusAsync(context, 410, "Expired");
            return true;
        };
        var result = await Given.Probe(_cluster).ProbeAsync(Given.Sweep, default);
        Assert.Equal(outcome, result.Outcome);
        if (outcome == ProbeOutcome.Reached) Assert.Equal(GateStatus.Passed, result.Rollout().Status);
        else Assert.Empty(result.Facts);
    }

    [Theory]
    [InlineData(401, ProbeOutcome.Unreachable, "401")]
    [InlineData(403, ProbeOutcome.Unreachable, "Role of the adapter's README")]
    [InlineData(404, ProbeOutcome.Unreachable, "check Kubernetes:Server")]
    [InlineData(429, ProbeOutcome.RateLimited, "429")]
    [InlineData(500, ProbeOutcome.Unreachable, "500")]
    [InlineData(302, ProbeOutcome.Unreachable, "not followed")]
    [InlineData(200, ProbeOutcome.Unreachable, "something else than a list")]
    public async Task What_goes_wrong_is_a_sentence_and_no_fact_and_never_the_token(int status, ProbeOutcome outcome, string detail)
    {
        _cluster.Show(Given.Running('a'));
        _cluster.Instead = async context =>
        {
            context.Response.StatusCode = status;
            if (status == 429) context.Response.Headers.RetryAfter = "7";
            if (status == 302) context.Response.Headers.Location = "http://127.0.0.1:1/login";
            await context.Response.WriteAsync("<html>log in, " + Canary);
            return true;
        };
        var time = new ManualTime();
        var result = await Given.Probe(_cluster, static o => o.Token = Canary, time).ProbeAsync(Given.Sweep, default);
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(detail, result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, result + string.Join(' ', result.Diagnostics), StringComparison.Ordinal);
        Assert.Empty(result.Facts);
        if (status == 429) Assert.Equal(time.Now + TimeSpan.FromSeconds(7), result.RetryAt);
    }

    [Fact]
    public async Task One_namespace_that_may_not_be_read_does_not_hide_the_others()
    {
        _cluster.Show(Given.Running('a'));
        _cluster.Instead = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/secret/", StringComparison.Ordinal)) return false;
            await FakeCluster.StatusAsync(context, 403, "Forbidden");
            return true;
        };
        var result = await Given.Probe(_cluster, static o => o.Namespaces.Insert(0, new KubernetesNamespace { Name = "secret" })).ProbeAsync(Given.Sweep, default);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Equal(GateStatus.Passed, result.Rollout().Status);
    }

    [Fact]
    public async Task A_token_file_is_read_again_every_minute_and_at_once_when_it_is_refused()
    {
        using var folder = new TempFolder();
        string file = folder.Write("token", "first\n");
        _cluster.Show(Given.Running('a'));
        var time = new ManualTime();
        var probe = Given.Probe(_cluster, o => o.TokenFile = file, time);
        await probe.ProbeAsync(Given.Sweep, default);
        folder.Write("token", "second");
        time.Now += TimeSpan.FromSeconds(59);
        await probe.ProbeAsync(Given.Sweep, default);
        Assert.Equal(["Bearer first"], _cluster.Credentials.Distinct());
        time.Now += TimeSpan.FromSeconds(2);
        await probe.ProbeAsync(Given.Sweep, default);
        Assert.Equal("Bearer second", _cluster.Credentials.Last());

        folder.Write("token", "third");
        _cluster.Instead = async context =>
        {
            if (context.Request.Headers.Authorization == "Bearer third") return false;
            await FakeCluster.StatusAsync(context, 401, "Unauthorized");
            return true;
        };
        var result = await probe.ProbeAsync(Given.Sweep, default);
        Assert.Equal((ProbeOutcome.Reached, 6), (result.Outcome, result.Calls));
    }

    [Fact]
    public async Task It_stops_before_it_takes_more_than_its_allowance()
    {
        _cluster.Show(Given.Running('a'));
        var result = await Given.Probe(_cluster, static o => o.Namespaces.Add(new KubernetesNamespace { Name = "staging" })).ProbeAsync(Given.Sweep with { Allowance = 7 }, default);
        Assert.Equal((ProbeOutcome.RateLimited, 7), (result.Outcome, result.Calls));
        Assert.Null(result.RetryAt);
        Assert.Equal(GateStatus.Passed, result.Rollout().Status);
    }

    [Fact]
    public async Task Without_a_sweep_only_the_namespaces_of_the_keys_are_read_and_only_the_keys_told()
    {
        _cluster.Show([.. Given.Running('a'), Given.Deployment(name: "api", uid: "d-2")]);
        var probe = Given.Probe(_cluster, static o => o.Namespaces.Add(new KubernetesNamespace { Name = "staging", Environment = "test" }));
        var batch = Given.Sweep with { SweepSince = null, Keys = [Key.Environment("production/web"), Key.Image(Given.Digest('a'))] };
        var result = await probe.ProbeAsync(batch, default);
        Assert.Equal(5, result.Calls);
        Assert.Equal(["web"], result.Facts.Select(static f => f.Name).Distinct());
        Assert.Equal(0, (await probe.ProbeAsync(batch with { Keys = [Key.Environment("elsewhere/web")] }, default)).Calls);
    }

    [Fact]
    public async Task A_workload_that_was_deleted_asks_for_nothing_until_it_is_made_again()
    {
        var probe = Given.Probe(_cluster);
        _cluster.Now = Given.Start + TimeSpan.FromMinutes(10);
        _cluster.Show(Given.Running('a'));
        var before = (await probe.ProbeAsync(Given.Sweep, default)).Rollout();
        _cluster.Now = Given.Start + TimeSpan.FromMinutes(20);
        _cluster.Show([]);
        var gone = (await probe.ProbeAsync(Given.Sweep, default)).Rollout();
        Assert.Equal((GateStatus.NotApplicable, _cluster.Now), (gone.Status, gone.OccurredAt));
        Assert.True(gone.Ordinal > before.Ordinal);
        _cluster.Now = Given.Start + TimeSpan.FromMinutes(30);
        Assert.Equal(gone, (await probe.ProbeAsync(Given.Sweep, default)).Rollout());
        var world = Given.Running('b');
        world[0]["metadata"]!["creationTimestamp"] = Given.At(40);
        _cluster.Show(world);
        var again = (await probe.ProbeAsync(Given.Sweep, default)).Rollout();
        Assert.True(again.Ordinal > gone.Ordinal);
        Assert.Equal(GateStatus.Passed, again.Status);
    }
}
