using ClosedLoop.Dashboard.Tests.Support;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class ScreenshotTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Shots()
    {
        string folder = Environment.GetEnvironmentVariable("SHOTS")!;
        string only = Environment.GetEnvironmentVariable("SHOT_PAGES") ?? "";
        await Task.Delay(2500);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            foreach (int width in new[] { 375, 1280, 1920 })
            {
                await using var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = width == 375 ? 812 : 900 } });
                var page = await context.NewPageAsync();
                foreach (var (name, path) in new[] { ("board", "/"), ("item", "/items/BL-104"), ("itemred", "/items/API-207"), ("stuck", "/stuck"), ("lines", "/lines"), ("flow", "/flow"), ("watcher", "/watcher") })
                {
                    if (only.Length > 0 && !only.Split(',').Contains(name)) continue;
                    await page.GotoAsync(fixture.Host.Page(path));
                    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}-{scheme}.png"), FullPage = false });
                }
            }
    }
}
