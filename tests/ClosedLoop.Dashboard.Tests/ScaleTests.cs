using System.Globalization;
using ClosedLoop.Dashboard.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace ClosedLoop.Dashboard.Tests;

[Collection(BrowserCollection.Name)]
public sealed class ScaleTests(BrowserFixture fixture, ITestOutputHelper output)
{
    private const int Items = 100_000;

    [Fact]
    public async Task With_a_hundred_thousand_open_items_the_board_is_painted_within_200_milliseconds_and_turned_page_by_page()
    {
        string folder = Directory.CreateTempSubdirectory("closedloop-dashboard-").FullName;
        await using var host = await DashboardHost.StartAsync(loop: l => l.UseSqlite(o => o.Path = Path.Combine(folder, "scale.db")));
        var intake = host.Services.GetRequiredService<IIntake>();
        var queries = host.Services.GetRequiredService<ILoopQueries>();
        // The first read prepares the store.
        await queries.CountAsync();
        var now = DateTimeOffset.UtcNow;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int first = 0; first < Items; first += 2_000)
        {
            var tasks = Enumerable.Range(0, 4).Select(async part =>
            {
                var world = new World(intake, $"acme/service-{(first / 500) + part}", now);
                await world.TellAsync(Enumerable.Range(first + (part * 500), 500).SelectMany(i => Facts(world, i)));
            });
            await Task.WhenAll(tasks);
        }
        output.WriteLine($"{Items} items in {watch.Elapsed.TotalSeconds:0.0} s");

        for (int i = 0; i < 3; i++)
        {
            watch.Restart();
            await queries.CountAsync(new BoardQuery());
            var counted = watch.Elapsed;
            await queries.ReadFacetsAsync();
            var facets = watch.Elapsed;
            await queries.ListAsync(new ItemQuery { Pipeline = "delivery", IsOpen = true, Order = ItemOrder.LongestWaiting, Limit = 50 });
            output.WriteLine($"count {counted.TotalMilliseconds:0} ms, facets {(facets - counted).TotalMilliseconds:0} ms, page {(watch.Elapsed - facets).TotalMilliseconds:0} ms");
        }

        await using var visit = await Visit.OpenAsync(fixture);
        var paints = new List<double>();
        for (int i = 0; i < 7; i++)
        {
            await visit.GoAsync(host.Page("/"));
            paints.Add(await visit.Page.EvaluateAsync<double>("() => new Promise(done => new PerformanceObserver(l => done(l.getEntriesByName('first-contentful-paint')[0].startTime)).observe({ type: 'paint', buffered: true }))"));
        }
        output.WriteLine("first contentful paint, ms: " + string.Join(", ", paints.Select(static p => p.ToString("0", CultureInfo.InvariantCulture))));
        // The best of several: what the machine does beside it is not the page's.
        Assert.InRange(paints.Min(), 0, 200);
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
        Assert.Equal("166", await visit.Page.Locator(".totals dd").First.InnerTextAsync());
    }

    private static IEnumerable<Fact> Facts(World world, int item)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"BL-{item:000000}");
        double ago = 20_000 - (item * .19);
        yield return world.Opened(id, ago, $"Item number {item}", item % 3 == 0 ? "builder-9" : "builder-7", "P" + (item % 4));
        if (item % 2 == 0) yield return world.PrOpened(id, item + 1, ago - 1);
    }
}
