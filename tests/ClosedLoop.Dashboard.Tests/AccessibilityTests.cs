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
    public async Task Nothing_shifts_while_a_page_loads_and_becomes_live(string path, string heading)
    {
        foreach (int width in (int[])[375, 1280])
        {
            // The record goes on meanwhile, and what it changes may move what stands below. A page that shifts by itself does so each time.
            var shifts = new List<double>();
            while (shifts.Count < 5 && !shifts.Contains(0)) shifts.Add(await ShiftsAsync(path, width, isLive: heading != "Not found"));
            Assert.True(shifts.Contains(0), $"{path} at {width} px shifts each time: {string.Join(", ", shifts)}");
        }
    }

    private async Task<double> ShiftsAsync(string path, int width, bool isLive)
    {
        await using var visit = await Visit.OpenAsync(fixture, width: width);
        await visit.GoAsync(fixture.Host.Page(path));
        if (isLive) await visit.UntilLiveAsync();
        // Two frames: what moved is reported after it was painted.
        await visit.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
        return await visit.ShiftsAsync();
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
