using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>One window on the dashboard, and everything that went wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    // What must not happen is collected from before the first byte of the page is read.
    private const string Watch = """
        window.violations = [];
        document.addEventListener("securitypolicyviolation", e => window.violations.push(e.violatedDirective + " " + e.blockedURI));
        window.shifts = 0;
        new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts += e.value; }).observe({ type: "layout-shift", buffered: true });
        """;

    private readonly IBrowserContext _context;

    private Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Problems.Enqueue($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Problems.Enqueue($"page error: {error}");
        page.RequestFailed += (_, request) =>
        {
            // A stream that ends because the page is left is no failure.
            if (!request.Url.EndsWith("/events", StringComparison.Ordinal) && request.Failure != "net::ERR_ABORTED") Problems.Enqueue($"request failed: {request.Url} {request.Failure}");
        };
        page.Request += (_, request) => Requests.Enqueue(request.Url);
    }

    public IPage Page { get; }

    public ConcurrentQueue<string> Problems { get; } = new();

    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<Visit> OpenAsync(BrowserFixture fixture, ColorScheme scheme = ColorScheme.Light, int width = 1280, bool script = true, ReducedMotion motion = ReducedMotion.NoPreference, string? user = null)
    {
        var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            JavaScriptEnabled = script,
            ReducedMotion = motion,
            ExtraHTTPHeaders = user is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["X-User"] = user },
        });
        context.SetDefaultTimeout(15_000);
        if (script) await context.AddInitScriptAsync(Watch);
        return new Visit(context, await context.NewPageAsync());
    }

    public async Task<IResponse> GoAsync(string address) => (await Page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Load }))!;

    /// <summary>Waits until the page follows the record.</summary>
    public Task UntilLiveAsync() => Page.Locator("#live[data-state=live]").WaitForAsync();

    public async Task<string[]> ViolationsAsync() => await Page.EvaluateAsync<string[]>("() => window.violations");

    public async Task<double> ShiftsAsync() => await Page.EvaluateAsync<double>("() => window.shifts");

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public async Task<int> OverflowAsync() => await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
