using ClosedLoop.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    public static TheoryData<string, string> AllPages => Pages.Data;

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task No_page_violates_WCAG_AA_or_scrolls_sideways_in_either_theme_from_375_to_1920_pixels(string path, string heading)
    {
        var found = new List<string>();
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            // Colours that are on their way from one to another are neither.
            await using var visit = await Visit.OpenAsync(fixture, scheme, motion: ReducedMotion.Reduce);
            await visit.GoAsync(fixture.Host.Page(path));
            foreach (int width in (int[])[375, 768, 1280, 1920])
            {
                await visit.Page.SetViewportSizeAsync(width, 900);
                string where = $"{heading}, {scheme}, {width} px";
                if (await visit.OverflowAsync() is > 0 and var overflow) found.Add($"{where}: {overflow} px too wide");
                foreach (string violation in await Axe.ViolationsAsync(visit.Page)) found.Add($"{where}: {violation}");
            }
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task Nothing_shifts_while_a_page_arrives_in_pieces_and_becomes_live(string path, string heading)
    {
        var host = await fixture.StillAsync();
        var shifts = new List<string>();
        foreach (int width in (int[])[375, 800, 1280])
        {
            await using var visit = await Visit.OpenAsync(fixture, width: width);
            // What every page needs is there already: only the page itself comes slowly.
            await visit.GoAsync(host.Page("/items/nobody-knows-it"));
            await visit.SlowAsync(kilobytesPerSecond: 40);
            await visit.GoAsync(host.Page(path));
            if (heading != "Not found") await visit.UntilLiveAsync();
            shifts.AddRange((await visit.ShiftsAsync()).Select(shift => $"{width} px: {shift}"));
        }
        Assert.True(shifts.Count == 0, string.Join('\n', shifts));
    }

    [Fact]
    public async Task No_heading_no_card_and_no_cell_moves_when_ages_grow()
    {
        await using var host = await StillHost.StartAsync();
        var visits = new List<(string Name, Visit Visit, string Text, string[] Before)>();
        try
        {
            // The clock lets sources be asked, and what they answer is news: it may take another line on the watcher's page. One age alone is a list whose
            // longest grows from "3 h" to "3 h 3 min".
            foreach (string path in Pages.All.Where(static p => p.Heading is not ("Not found" or "Watcher")).Select(static p => p.Path).Append("/?q=API-211"))
            {
                foreach (int width in (int[])[375, 800, 1280])
                {
                    var visit = await Visit.OpenAsync(fixture, width: width);
                    visits.Add(($"{path} at {width} px", visit, "", []));
                    await visit.GoAsync(host.Page(path));
                    await visit.UntilLiveAsync();
                    visits[^1] = visits[^1] with { Text = await visit.Page.Locator("main").InnerTextAsync(), Before = await visit.PlacesAsync() };
                }
            }
            // Short of the next limit: what is late from then on is a change of the record.
            host.Clock.Advance(TimeSpan.FromMinutes(3));
            var moved = new List<string>();
            foreach (var (name, visit, text, before) in visits)
            {
                await visit.ReadAgainAsync();
                Assert.NotEqual(text, await visit.Page.Locator("main").InnerTextAsync());
                string[] after = await visit.PlacesAsync();
                moved.AddRange(before.Zip(after).Where(static p => p.First != p.Second).Select(p => $"{name}: {p.First} is now {p.Second}"));
                Assert.Equal(before.Length, after.Length);
            }
            Assert.True(moved.Count == 0, string.Join('\n', moved));
        }
        finally
        {
            foreach (var (_, visit, _, _) in visits) await visit.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_tab_key_goes_through_the_page_in_reading_order_and_shows_where_it_is()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        var page = visit.Page;
        await visit.GoAsync(fixture.Host.Page("/"));
        var seen = new List<string>();
        for (int i = 0; i < 15; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            seen.Add(await page.EvaluateAsync<string>("() => (document.activeElement.querySelector('.gate-name') || document.activeElement).textContent.trim()"));
            Assert.NotEqual("none", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        }
        Assert.Equal(["Skip to the content", "ClosedLoop", "Board", "Stuck", "Lines", "Flow", "Watcher", "Theme: system", .. Gates.Default], seen);
    }

    [Fact]
    public async Task The_skip_link_leads_past_the_navigation()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page("/stuck"));
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.getElementById('main').contains(document.activeElement)"));
    }

    [Fact]
    public async Task The_theme_is_chosen_by_keyboard_kept_over_pages_and_set_before_the_first_paint()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        var page = visit.Page;
        await visit.GoAsync(fixture.Host.Page("/"));
        string light = await Ground();
        await page.Locator("#theme").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("Theme: dark", (await page.Locator("#theme").InnerTextAsync()).Trim());
        Assert.NotEqual(light, await Ground());
        await visit.GoAsync(fixture.Host.Page("/watcher"));
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
        Assert.Equal("Theme: dark", (await page.Locator("#theme").InnerTextAsync()).Trim());

        Task<string> Ground() => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Every_state_has_a_word_beside_its_colour()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        foreach (var (path, _) in Pages.All)
        {
            await visit.GoAsync(fixture.Host.Page(path));
            Assert.All(await visit.Page.Locator(".mark").AllInnerTextsAsync(), static t => Assert.NotEmpty(t.Trim()));
            Assert.All(await visit.Page.Locator(".strip li, .commit-strip li").AllTextContentsAsync(), static t => Assert.Contains(':', t));
        }
    }
}
