using System.Text;
using ClosedLoop.AspNetCore.Dashboard.Text;
using ClosedLoop.Dashboard.Tests.Support;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class HostileTextTests(BrowserFixture fixture)
{
    public static TheoryData<string, string> AllPages => Pages.Data;

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task What_a_stranger_wrote_is_text_on_every_page(string path, string heading)
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page(path));
        Assert.NotNull(heading);
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
        Assert.Equal(0, await visit.Page.Locator("main img, main script, main i, main b, main [onerror], main [onmouseover], [style], main iframe").CountAsync());
        Assert.True(await visit.Page.EvaluateAsync<bool>("""
            () => [...document.querySelectorAll("a[href], form")].every(e => /^https?:$/.test(new URL(e.href || e.action, location.href).protocol))
            """));
        // Controls of terminals and of reading direction are replaced; nothing is longer than a page can bear.
        string text = (await visit.Page.Locator("body").TextContentAsync())!;
        Assert.DoesNotContain(text, static c => (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is '\u202E' or '\u202C' or '\u2066' or '\u2067' or '\u2068' or '\u2069' or '\u200F');
        Assert.InRange(Encoding.UTF8.GetByteCount(await visit.Page.ContentAsync()), 1, 300_000);
    }

    [Fact]
    public async Task A_hostile_title_is_shown_as_it_was_written_with_its_controls_made_visible()
    {
        await using var visit = await Visit.OpenAsync(fixture);
        await visit.GoAsync(fixture.Host.Page(Pages.Hostile));
        string title = await visit.Page.Locator(".item-name").InnerTextAsync();
        Assert.StartsWith("<script>window.hacked=1</script><img src=x onerror=\"window.hacked=1\">", title, StringComparison.Ordinal);
        Assert.Contains("\u241B[31mred", title, StringComparison.Ordinal);
        Assert.Contains("\uFFFDevil", title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("  a \r\n\t b  ", "a b")]
    [InlineData("a\u0000b\u007F", "a\u2400b\u2421")]
    [InlineData("x\u202Ey\u2066z\uFEFF", "x\uFFFDy\uFFFDz\uFFFD")]
    [InlineData("עברית عربي", "עברית عربي")]
    public void Text_keeps_its_letters_and_loses_what_steers(string? text, string shown) => Assert.Equal(shown, DisplayText.Title(text));

    [Fact]
    public void Half_a_character_is_shown_as_none() => Assert.Equal("\uD83D\uDE80 ok \uFFFD", DisplayText.Title("\uD83D\uDE80 ok " + '\uD83D'));

    [Fact]
    public void A_text_without_end_is_cut_and_never_inside_a_character()
    {
        string shown = DisplayText.Of(string.Concat(Enumerable.Repeat("\uD83D\uDE80", 1_000_000)), 201);
        Assert.InRange(shown.Length, 200, 204);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', shown);
        Assert.True(char.IsLowSurrogate(shown[^2]));
    }
}
