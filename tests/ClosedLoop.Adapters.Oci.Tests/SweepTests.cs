using System.Globalization;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>Tags, page by page and sweep by sweep.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private FakeRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await FakeRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task A_tag_that_did_not_move_costs_one_HEAD_and_its_facts_are_not_brought_for_ever()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "v1");
        var adapter = _registry.Adapter();
        Assert.Equal(2, (await adapter.SweepAsync()).Facts.Length);
        _registry.Requests.Clear();
        var later = await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "oci", SweepSince = Given.Now, At = Given.Now + TimeSpan.FromMinutes(1) }, CancellationToken.None);
        Assert.Equal(["GET /v2/acme/web/tags/list?n=1000", "HEAD /v2/acme/web/manifests/v1"], _registry.Requests);
        Assert.Equal(2, later.Facts.Length);
        later = await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "oci", SweepSince = Given.Now + TimeSpan.FromHours(1), At = Given.Now + TimeSpan.FromHours(2) }, CancellationToken.None);
        Assert.Empty(later.Facts);
        later = await adapter.Probe!.ProbeAsync(Given.Look(Key.Image(manifest)), CancellationToken.None);
        Assert.Equal(2, later.Facts.Length);
        Assert.Equal(0, later.Calls);
    }

    [Fact]
    public async Task A_tag_that_moved_brings_the_new_image()
    {
        _registry.AddImage(Given.Sha('a'), tag: "latest");
        var adapter = _registry.Adapter();
        await adapter.SweepAsync();
        var (second, _) = _registry.AddImage(Given.Sha('b'), tag: "latest");
        Assert.Equal([Given.Commit('b')], (await adapter.SweepAsync()).Facts.CommitsOf(second));
    }

    [Fact]
    public async Task Without_the_digest_header_the_content_tells()
    {
        _registry.AddImage(Given.Sha('a'), tag: "latest");
        _registry.Instead = static context =>
        {
            if (HttpMethods.IsHead(context.Request.Method)) context.Request.Headers.IfNoneMatch = default;
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Remove("Docker-Content-Digest");
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };
        var adapter = _registry.Adapter();
        Assert.Equal(2, (await adapter.SweepAsync()).Facts.Length);
        var (second, _) = _registry.AddImage(Given.Sha('b'), tag: "latest");
        Assert.Equal([Given.Commit('b')], (await adapter.SweepAsync()).Facts.CommitsOf(second));
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        _registry.PageSize = 3;
        for (int i = 0; i < 10; i++) _registry.AddImage(Given.Sha('a'), tag: $"v{i}", salt: i.ToString(CultureInfo.InvariantCulture));
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal(20, result.Facts.Length);
        Assert.Equal(4, _registry.Requests.Count(static r => r.Contains("/tags/list", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("</v2/acme/web/tags/list?n=1000>; rel=\"next\"")]
    [InlineData("</v2/acme/other/tags/list?n=5>; rel=\"next\"")]
    [InlineData("<http://127.0.0.1:1/v2/secret?x=1>; rel=\"next\"")]
    [InlineData("<>; rel=\"next\"")]
    [InlineData("</v2/acme/web/tags/list?n=5>; rel=\"prev\"")]
    public async Task A_link_that_leads_elsewhere_or_in_a_circle_is_not_followed(string link)
    {
        _registry.AddImage(Given.Sha('a'), tag: "v1");
        _registry.Instead = context =>
        {
            context.Response.Headers.Link = link;
            return Task.FromResult(false);
        };
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, 2), (result.Outcome, result.Facts.Length));
        Assert.Single(_registry.Requests, static r => r.Contains("/tags/list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_ten_thousand_tags_each_sweep_reads_its_share_and_a_new_one_goes_first()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'));
        for (int i = 0; i < 10_000; i++) _registry.Tags[(Given.ImageRepository, $"build-{i:00000}")] = manifest;
        var adapter = _registry.Adapter(change: static o => o.MaxTagsPerSweep = 300);
        var result = await adapter.SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, 302), (result.Outcome, result.Calls));
        Assert.Contains("9700 new tags of acme/web", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
        var (fresh, _) = _registry.AddImage(Given.Sha('b'), tag: "zz-a-new-one");
        Assert.Equal([Given.Commit('b')], (await adapter.SweepAsync()).Facts.CommitsOf(fresh));
    }

    [Fact]
    public async Task Every_tag_has_its_turn()
    {
        for (int i = 0; i < 50; i++) _registry.AddImage(Given.Sha('a'), tag: $"v{i:00}", salt: i.ToString(CultureInfo.InvariantCulture));
        var adapter = _registry.Adapter(change: static o => o.MaxTagsPerSweep = 20);
        for (int sweep = 0; sweep < 3; sweep++) await adapter.SweepAsync();
        Assert.Equal(50, _registry.Requests.Count(static r => r.StartsWith("GET /v2/acme/web/manifests/", StringComparison.Ordinal)));
        for (int i = 0; i < 50; i++) _registry.AddImage(Given.Sha('b'), tag: $"v{i:00}", salt: i.ToString(CultureInfo.InvariantCulture));
        // Those that never moved have less of them.
        for (int sweep = 0; sweep < 25; sweep++) await adapter.SweepAsync();
        Assert.Equal(100, (await adapter.SweepAsync()).Facts.Count(static f => f.Links.Contains(Given.Commit('b'))));
    }

    [Fact]
    public async Task A_tag_that_moves_is_looked_at_in_every_sweep_and_the_others_in_turn()
    {
        for (int i = 0; i < 100; i++) _registry.AddImage(Given.Sha('a'), tag: $"v{i:00}", salt: i.ToString(CultureInfo.InvariantCulture));
        _registry.AddImage(Given.Sha('a'), tag: "latest", salt: "first");
        var adapter = _registry.Adapter();
        await adapter.SweepAsync();
        _registry.AddImage(Given.Sha('b'), tag: "latest", salt: "second");
        for (int sweep = 0; sweep < 6; sweep++) await adapter.SweepAsync();
        _registry.Requests.Clear();
        var (third, _) = _registry.AddImage(Given.Sha('c'), tag: "latest", salt: "third");
        Assert.Equal([Given.Commit('c')], (await adapter.SweepAsync()).Facts.CommitsOf(third));
        Assert.Equal(21, _registry.Requests.Count(static r => r.StartsWith("HEAD ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_announced_is_read_first_by_its_digest()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "v1");
        for (int i = 0; i < 5; i++) _registry.AddImage(Given.Sha('b'), tag: $"w{i}", salt: i.ToString(CultureInfo.InvariantCulture));
        var adapter = _registry.Adapter(change: static o => o.MaxTagsPerSweep = 1);
        adapter.Translator!.Translate(Given.Delivery(Given.Notification(Given.Push(manifest))));
        var result = await adapter.SweepAsync();
        Assert.Equal($"GET /v2/acme/web/manifests/{manifest}", _registry.Requests.First());
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.DoesNotContain("GET /v2/acme/web/manifests/v1", _registry.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_without_a_tag_counts_only_when_told_so(bool counts)
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'));
        var adapter = _registry.Adapter(change: o => o.CountsUntagged = counts);
        adapter.Translator!.Translate(Given.Delivery(Given.Notification(Given.Push(manifest, tag: null))));
        Assert.Equal(counts ? 1 : 0, (await adapter.SweepAsync()).Facts.CommitsOf(manifest).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_probe_stops_before_it_takes_more_than_its_allowance_and_goes_on_where_it_was(int allowance)
    {
        for (int i = 0; i < 3; i++) _registry.AddImage(Given.Sha('a'), tag: $"v{i}", salt: i.ToString(CultureInfo.InvariantCulture));
        var adapter = _registry.Adapter();
        var result = await adapter.Probe!.ProbeAsync(Given.Sweep() with { Allowance = allowance }, CancellationToken.None);
        Assert.Equal((ProbeOutcome.RateLimited, allowance), (result.Outcome, result.Calls));
        Assert.Null(result.RetryAt);
        Assert.Equal(allowance, _registry.Requests.Count);
        result = await adapter.SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, 6), (result.Outcome, result.Facts.Length));
    }

    [Fact]
    public async Task A_repository_that_is_not_there_yet_leaves_the_others()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "v1");
        var result = await _registry.Adapter(change: static o => o.Repositories.Insert(0, new OciRepository { Name = "acme/new" })).SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
        Assert.Contains("Oci:Repositories:0:Name", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_may_not_be_read_makes_the_gate_blind_with_the_facts_of_the_others()
    {
        var (manifest, _) = _registry.AddImage(Given.Sha('a'), tag: "v1");
        _registry.Instead = static context =>
        {
            if (!context.Request.Path.StartsWithSegments("/v2/acme/secret")) return Task.FromResult(false);
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        var result = await _registry.Adapter(change: static o => o.Repositories.Insert(0, new OciRepository { Name = "acme/secret" })).SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(manifest));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_registry_that_is_down_is_asked_once(int status)
    {
        _registry.Instead = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var result = await _registry.Adapter(change: static o => o.Repositories.Add(new OciRepository { Name = "acme/other" })).SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Single(_registry.Requests);
        Assert.Contains($"HTTP {status}", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_is_told_with_its_end_and_what_was_read_is_kept()
    {
        var (first, _) = _registry.AddImage(Given.Sha('a'), tag: "v2");
        _registry.AddImage(Given.Sha('b'), tag: "v1", salt: "x");
        _registry.Instead = static context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/v1", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "120";
            return Task.FromResult(true);
        };
        var time = new Testing.Time.ManualTimeProvider(Given.Now);
        var result = await _registry.Adapter(time).SweepAsync();
        Assert.Equal((ProbeOutcome.RateLimited, Given.Now + TimeSpan.FromMinutes(2)), (result.Outcome, result.RetryAt));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(first));
    }

    [Fact]
    public async Task One_tag_that_always_fails_does_not_starve_the_others()
    {
        _registry.AddImage(Given.Sha('a'), tag: "z-broken");
        var (good, _) = _registry.AddImage(Given.Sha('b'), tag: "a-good");
        _registry.Instead = static context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/z-broken", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        var adapter = _registry.Adapter();
        Assert.Equal(ProbeOutcome.Unreachable, (await adapter.SweepAsync()).Outcome);
        Assert.Equal([Given.Commit('b')], (await adapter.SweepAsync()).Facts.CommitsOf(good));
    }
}
