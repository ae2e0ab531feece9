using ClosedLoop.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class PageTests(BrowserFixture fixture)
{
    public static TheoryData<string, string> AllPages => Pages.Data;

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task A_page_loads_without_an_error_a_violation_or_a_foreign_request(string path, string heading)
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page(path));
        Assert.Equal(heading, (await visit.Page.Locator("h1").InnerTextAsync()).Trim());
        bool isLive = await visit.Page.Locator("body[data-events]").CountAsync() == 1;
        if (isLive) await visit.UntilLiveAsync();
        Assert.Empty(await visit.ViolationsAsync());
        // A page that says 404 is told of as an error by the browser itself.
        Assert.All(visit.Problems, p => Assert.Contains("404", p, StringComparison.Ordinal));
        Assert.Equal(heading == "Not found", !visit.Problems.IsEmpty);
        Assert.All(visit.Requests, r => Assert.StartsWith(fixture.Host.Address.ToString(), r, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task A_page_says_the_same_without_JavaScript(string path, string heading)
    {
        await using var visit = await Visit.OpenAsync(fixture, script: false);
        await visit.GoAsync(fixture.Host.Page(path));
        Assert.Equal(heading, (await visit.Page.Locator("h1").InnerTextAsync()).Trim());
        Assert.Equal("Static page", await visit.Page.Locator(".live-text").InnerTextAsync());
        Assert.Equal(0, await visit.Page.Locator("button.theme:visible").CountAsync());
        Assert.Equal(1, await visit.Page.Locator("main").CountAsync());
    }

    [Fact]
    public async Task Without_JavaScript_the_board_is_filtered_by_its_form_and_left_through_its_links()
    {
        await using var visit = await Visit.OpenAsync(fixture, script: false);
        var page = visit.Page;
        await visit.GoAsync(fixture.Host.Page("/"));
        await page.GetByLabel("Repository", new() { Exact = true }).SelectOptionAsync("acme/api");
        await page.GetByLabel("Agent").SelectOptionAsync("builder-9");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        var repositories = await page.Locator("td[data-label=Repository]").AllInnerTextsAsync();
        Assert.NotEmpty(repositories);
        Assert.All(repositories, r => Assert.Equal("acme/api", r.Trim()));
        Assert.All(await page.Locator("td[data-label=Agent]").AllInnerTextsAsync(), a => Assert.Equal("builder-9", a.Trim()));
        await page.GetByRole(AriaRole.Link, new() { Name = "API-207" }).ClickAsync();
        Assert.Equal("API-207", (await page.Locator("h1").InnerTextAsync()).Trim());
        await page.GetByRole(AriaRole.Link, new() { Name = "Board" }).First.ClickAsync();
        await page.GetByLabel("Id, title or repository").FillAsync("no such thing");
        await page.GetByLabel("Id, title or repository").PressAsync("Enter");
        Assert.Contains("No item passes these filters", await page.Locator(".empty").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_column_counts_what_its_link_lists()
    {
        await using var visit = await Visit.OpenAsync(fixture, script: false);
        await visit.GoAsync(fixture.Host.Page("/"));
        var columns = new List<(string Gate, int Waiting)>();
        foreach (var link in await visit.Page.Locator(".gate-link").AllAsync())
            columns.Add((await link.Locator(".gate-name").InnerTextAsync(), int.Parse(await link.Locator(".number").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(Gates.Default, columns.Select(static c => c.Gate));
        // In review, merged and without a build that says anything, on a red line, and rolled back after they were done.
        Assert.All((int[])[1, 3, 5], i => Assert.True(columns[i].Waiting > 0, $"nothing waits for {columns[i].Gate}"));
        foreach (var (gate, waiting) in columns)
        {
            await visit.GoAsync(fixture.Host.Page("/?gate=" + gate));
            Assert.Equal(waiting, await visit.Page.Locator("table.items tbody tr").CountAsync());
        }
    }

    [Fact]
    public async Task An_item_shows_who_says_so_on_what_evidence_and_who_released_it()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page("/items/BL-104"));
        string gate = await visit.Page.Locator("#gate-main-ci").InnerTextAsync();
        Assert.Contains("passed, covered", gate, StringComparison.Ordinal);
        Assert.Contains("released by #107", gate, StringComparison.Ordinal);
        Assert.Contains("landed on red", gate, StringComparison.Ordinal);
        Assert.Contains("ci:jenkins", gate, StringComparison.Ordinal);
        var evidence = visit.Page.Locator("#gate-main-ci a.outside");
        Assert.Equal("https://ci.example/job/web/314", await evidence.GetAttributeAsync("href"));
        Assert.Equal("noopener noreferrer nofollow", await evidence.GetAttributeAsync("rel"));
        Assert.Contains("builder-2", await visit.Page.Locator("section:has(> #provenance-h)").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("completed", await visit.Page.Locator("table.log").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stuck_is_one_incident_for_each_cause()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page("/stuck"));
        var red = visit.Page.Locator(".incident", new() { HasText = "main-ci is red on acme/api main" });
        await red.WaitForAsync();
        string text = await red.InnerTextAsync();
        Assert.Contains("10 items wait", text, StringComparison.Ordinal);
        Assert.Contains("one green run releases all of them", text, StringComparison.Ordinal);
        Assert.Equal(10, await red.Locator(".held a").CountAsync());
    }

    [Fact]
    public async Task The_watcher_shows_the_source_that_cannot_be_reached_and_what_was_refused()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page("/watcher"));
        var registry = visit.Page.Locator("tr", new() { HasText = "registry" }).First;
        await visit.Page.Locator("tr", new() { HasText = "503 Service Unavailable from registry.example" }).WaitForAsync();
        Assert.Contains("blind", await registry.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("agent:builder-7 may not write main-ci", await visit.Page.Locator("section:has(> #quarantine-h)").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await visit.Page.GetByText("no sink is named").CountAsync());
    }

    [Fact]
    public async Task Flow_shows_the_line_the_cliff_and_the_same_figures_as_a_table()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page("/flow"));
        Assert.Equal(26 * 3, await visit.Page.Locator(".chart rect.bar").CountAsync());
        Assert.Equal(1, await visit.Page.Locator(".chart line.target").CountAsync());
        Assert.Equal("cliff: migrated", await visit.Page.Locator(".chart .mark-label").TextContentAsync());
        await visit.Page.GetByText("The same as a table").ClickAsync();
        Assert.Equal(26, await visit.Page.Locator("details.data tbody tr").CountAsync());
        Assert.Contains("14.3 % (2 of 14)*", await visit.Page.Locator("section:has(> #dora-h)").InnerTextAsync(), StringComparison.Ordinal);
    }
}
