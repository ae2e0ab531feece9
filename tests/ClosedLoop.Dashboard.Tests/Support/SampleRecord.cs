using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>A record with every state that the pages show, made by facts through the real engine.</summary>
internal static class SampleRecord
{
    /// <summary>What a stranger could put into any field.</summary>
    public const string HostileTitle = "<script>window.hacked=1</script><img src=x onerror=\"window.hacked=1\"> \u001b[31mred\u001b[0m \u202Eevil\u202C \u0000\u0007 & ''\"\"";

    public static async Task WriteAsync(IServiceProvider services, DateTimeOffset now)
    {
        var intake = services.GetRequiredService<IIntake>();
        var loop = services.GetRequiredService<IClosedLoop>();
        await WebAsync(new World(intake, "acme/web", now));
        await ApiAsync(new World(intake, "acme/api", now));
        await WorkerAsync(new World(intake, "acme/worker", now), loop);
        await HostileAsync(new World(intake, "acme/odd", now));
        // A writer that may not write this gate: refused, and kept.
        await loop.As(Writer.Agent("builder-7")).RecordAsync("BL-104", Gates.MainCi, Evidence.At("https://ci.example/job/web/1"));
    }

    // Main was red, and #107 repaired it: what landed on red is released by it. Its rollout is live.
    private static async Task WebAsync(World web)
    {
        string[] titles = ["Keep the cart after signing in", "Show delivery dates in the local time zone", "Retry payments that time out", "Load product images lazily", "Remember the chosen currency", "Search by article number", "Repair the rounding of totals", "Announce price changes"];
        for (int i = 0; i < titles.Length; i++)
        {
            int number = 101 + i;
            double ago = 600 - (i * 45);
            string item = $"BL-{number}";
            await web.TellAsync([web.Node(number, i == 0 ? null : number - 1)],
                [web.Opened(item, ago + 90, titles[i], i % 3 == 0 ? "builder-2" : "builder-7", i % 4 == 0 ? "P1" : "P2"), web.PrOpened(item, number, ago + 60), web.Reviewed(number, ago + 20), .. web.Merged(item, number, ago)]);
        }
        await web.TellAsync(web.Built(311, GateStatus.Passed, 590, 101), web.Image(101, 585), web.Runs(101, 580), web.Healthy(101, 575));
        await web.TellAsync(web.Built(312, GateStatus.Failed, 500, 103, "web #312 failed: 2 of 418 tests"), web.Built(313, GateStatus.Failed, 400, 105, "web #313 failed: 2 of 418 tests"));
        await web.TellAsync(web.Built(314, GateStatus.Passed, 320, 107), web.Image(107, 315), web.Runs(107, 308), web.Healthy(107, 303));
        await web.TellAsync(web.Built(315, GateStatus.Running, 4, 108));
        await web.TellAsync(web.Opened("BL-140", 200, "Explain why a voucher is refused", "builder-7", "P1"), web.PrOpened("BL-140", 140, 190), web.Reviewed(140, 120, GateStatus.Failed, "changes requested: the message names the customer"));
        for (int i = 0; i < 9; i++)
        {
            string item = $"BL-{150 + i}";
            await web.TellAsync(web.Opened(item, 170 - (i * 9), $"Split the checkout into steps, part {i + 1}", i % 2 == 0 ? "builder-7" : "builder-9", i == 0 ? "P0" : "P3"), web.PrOpened(item, 150 + i, 160 - (i * 9)));
        }
    }

    // Main is red for an hour: one cause, many items. And production was rolled back.
    private static async Task ApiAsync(World api)
    {
        for (int i = 0; i < 14; i++)
        {
            int number = 201 + i;
            double ago = 500 - (i * 32);
            string item = $"API-{number}";
            await api.TellAsync([api.Node(number, i == 0 ? null : number - 1)],
                [api.Opened(item, ago + 70, $"Give the orders endpoint {(i % 2 == 0 ? "a cursor" : "an idempotency key")}, step {i + 1}", i % 2 == 0 ? "builder-9" : "builder-2", i == 6 ? "P0" : "P2"), api.PrOpened(item, number, ago + 50), api.Reviewed(number, ago + 10), .. api.Merged(item, number, ago)]);
        }
        await api.TellAsync(api.Built(71, GateStatus.Passed, 480, 201), api.Image(201, 476), api.Runs(201, 470), api.Healthy(201, 465));
        await api.TellAsync(api.Built(72, GateStatus.Passed, 380, 204), api.Image(204, 376), api.Runs(204, 370), api.Healthy(204, 366));
        await api.TellAsync(api.Runs(201, 340), api.Healthy(201, 335));
        await api.TellAsync(api.Built(73, GateStatus.Failed, 300, 206, "api #73 failed: OrdersTests.Cursor_survives_a_delete"), api.Built(74, GateStatus.Failed, 90, 213, "api #74 failed: OrdersTests.Cursor_survives_a_delete"));
    }

    private static async Task WorkerAsync(World worker, IClosedLoop loop)
    {
        await worker.TellAsync(worker.Opened("OPS-1", 300, "Drain queues before a restart", "builder-2", "P2"), worker.PrOpened("OPS-1", 11, 290), worker.Reviewed(11, 280));
        await loop.WaiveAsync("OPS-1", Gates.MainCi, "ann", "the worker has no CI yet; checked by hand");
        await worker.TellAsync(worker.Opened("OPS-2", 280, "Count retries", null, null), worker.PrOpened("OPS-2", 12, 270), worker.PrClosed("OPS-2", 12, 200));
        await worker.TellAsync(worker.Opened("OPS-3", 30, "Name the queue in every log line", "builder-9", "P2"));
    }

    private static async Task HostileAsync(World odd)
    {
        await odd.TellAsync(odd.Opened("<b>HTML-1</b>", 45, HostileTitle, "<i>agent</i>\u202E", "\"P1\" onmouseover=alert(1)"), odd.PrOpened("<b>HTML-1</b>", 1, 40));
        await odd.TellAsync(odd.Opened("LONG-1", 50, string.Concat(Enumerable.Repeat("a title without end ", 50_000)), "builder-7"), odd.PrOpened("LONG-1", 2, 45), odd.Reviewed(2, 44, GateStatus.Failed, HostileTitle.Replace("\0", "", StringComparison.Ordinal)));
        await odd.TellAsync(odd.Opened("RTL-1", 55, "شارة السلة لا تتحدث بعد الدفع مباشرة #42", "builder-7"), odd.PrOpened("RTL-1", 3, 50));
        await odd.TellAsync(odd.Opened("WIDE-1", 55, new string('W', 300), "builder-7"), odd.PrOpened("WIDE-1", 4, 50));
    }
}
