using ClosedLoop.Dashboard.Tests.Support;
using ClosedLoop.Facts;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class LiveTests(BrowserFixture fixture)
{
    [Fact]
    public async Task A_change_reaches_the_open_page_and_the_focus_and_the_scroll_stay_where_they_are()
    {
        await using var host = await DashboardHost.StartAsync();
        for (int i = 0; i < 30; i++) await host.Loop.OpenAsync(new WorkItem($"LIVE-{i:00}") { Title = "Follow me" });
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(host.Page("/"));
        await visit.UntilLiveAsync();
        var link = visit.Page.GetByRole(AriaRole.Link, new() { Name = "LIVE-15", Exact = true });
        await link.FocusAsync();
        await visit.Page.EvaluateAsync("() => { window.scrollTo(0, 300); window.kept = document.activeElement; }");
        await host.Loop.OpenAsync(new WorkItem("LIVE-99") { Title = "Came later" });
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "LIVE-99", Exact = true }).WaitForAsync();
        Assert.Equal("31", await visit.Page.Locator(".totals dd").First.InnerTextAsync());
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.kept === document.activeElement && window.kept.isConnected && window.kept.textContent === 'LIVE-15'"));
        Assert.Equal(300, await visit.Page.EvaluateAsync<int>("() => Math.round(window.scrollY)"));
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task What_somebody_types_or_opened_is_left_alone_by_a_change()
    {
        await using var host = await DashboardHost.StartAsync(flow: new SampleFlow(DateTimeOffset.UtcNow));
        await host.Loop.OpenAsync(new WorkItem("T-1") { Title = "First" });
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(host.Page("/"));
        await visit.UntilLiveAsync();
        var search = visit.Page.GetByLabel("Id, title or repository");
        await search.FillAsync("half a wo");
        var read = visit.Page.WaitForResponseAsync(r => r.Request.Headers.ContainsKey("x-closedloop-fragment"));
        await host.Loop.OpenAsync(new WorkItem("T-2") { Title = "Second" });
        await read;
        Assert.Equal("half a wo", await search.InputValueAsync());
        Assert.True(await search.EvaluateAsync<bool>("e => e === document.activeElement"));

        await visit.GoAsync(host.Page("/flow"));
        await visit.UntilLiveAsync();
        await visit.Page.GetByText("The same as a table").ClickAsync();
        await visit.Page.EvaluateAsync("() => { window.updated = new Promise(done => document.addEventListener('closedloop:updated', done, { once: true })); }");
        await host.Loop.OpenAsync(new WorkItem("T-3") { Title = "Third" });
        await visit.Page.EvaluateAsync("() => window.updated.then(() => 0)");
        Assert.True(await visit.Page.Locator("details.data").EvaluateAsync<bool>("e => e.open"));
    }

    [Fact]
    public async Task An_items_page_follows_its_gates()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Loop.OpenAsync(new WorkItem("G-1") { Title = "One gate" });
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(host.Page("/items/G-1"));
        await visit.UntilLiveAsync();
        await host.Loop.WaiveAsync("G-1", Gates.Merged, "ann", "nothing to merge");
        await visit.Page.Locator("#gate-merged", new() { HasText = "waived" }).WaitForAsync();
        string step = await visit.Page.Locator("#gate-merged").InnerTextAsync();
        Assert.Contains("person:ann", step, StringComparison.Ordinal);
        Assert.Contains("nothing to merge", step, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_says_that_it_is_no_longer_live_when_the_host_goes()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await using (var host = await DashboardHost.StartAsync())
        {
            await visit.GoAsync(host.Page("/"));
            await visit.UntilLiveAsync();
        }
        await visit.Page.Locator("#live[data-state=off]").WaitForAsync();
        Assert.Equal("Not live", await visit.Page.Locator(".live-text").InnerTextAsync());
    }

    [Fact]
    public async Task Beyond_the_limit_a_stream_is_refused_and_the_page_works_without()
    {
        await using var host = await DashboardHost.StartAsync(static o => o.MaxStreams = 1);
        await using var first = await Visit.OpenAsync(fixture);
        await first.GoAsync(host.Page("/"));
        await first.UntilLiveAsync();
        using var client = new HttpClient();
        using var refused = await client.GetAsync(host.Page("/events"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await using var second = await Visit.OpenAsync(fixture);
        await second.GoAsync(host.Page("/"));
        await second.Page.Locator("#live[data-state=off]").WaitForAsync();
        Assert.Equal("Board", await second.Page.Locator("h1").InnerTextAsync());
    }
}
