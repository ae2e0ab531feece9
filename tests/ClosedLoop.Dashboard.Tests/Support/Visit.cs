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
        window.shifts = [];
        new PerformanceObserver(list => {
          const box = r => `${r.x},${r.y} ${r.width}x${r.height}`;
          const name = n => !n ? "what is gone" : n.nodeType === 3 ? `text "${n.nodeValue.trim().slice(0, 60)}" in ${name(n.parentNode)}` : [n.nodeName.toLowerCase() + (n.id ? "#" + n.id : ""), ...n.classList].join(".") + ` "${(n.textContent || "").trim().slice(0, 40)}"`;
          for (const e of list.getEntries())
            if (!e.hadRecentInput) window.shifts.push(`${e.value.toFixed(5)} at ${e.startTime.toFixed(0)} ms: ` + e.sources.map(s => `${name(s.node)} from ${box(s.previousRect)} to ${box(s.currentRect)}`).join("; "));
        }).observe({ type: "layout-shift", buffered: true });
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

    /// <summary>Lets everything come slowly, so that a page arrives in pieces.</summary>
    public async Task SlowAsync(int kilobytesPerSecond)
    {
        var session = await _context.NewCDPSessionAsync(Page);
        await session.SendAsync("Network.enable");
        var conditions = new Dictionary<string, object>(StringComparer.Ordinal) { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = kilobytesPerSecond * 1024, ["uploadThroughput"] = -1 };
        await session.SendAsync("Network.emulateNetworkConditions", conditions);
    }

    /// <summary>Lets the page read itself again, as it does when its window is shown again, and waits until it has.</summary>
    public async Task ReadAgainAsync() => await Page.EvaluateAsync("""
        () => new Promise(done => {
          document.addEventListener("closedloop:updated", () => done(0), { once: true });
          document.dispatchEvent(new Event("visibilitychange"));
        })
        """);

    /// <summary>What moved without the reader's doing, and from where to where: one line a move.</summary>
    public async Task<string[]> ShiftsAsync()
    {
        // Two frames: what moved is reported after it was painted.
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
        return await Page.EvaluateAsync<string[]>("() => window.shifts");
    }

    /// <summary>Where every heading, part, card, row and cell of the page stands.</summary>
    public async Task<string[]> PlacesAsync() => await Page.EvaluateAsync<string[]>("""
        () => [...document.querySelectorAll("main :is(h1, h2, h3, section, article, form, tr, th, td, .gate, .incident, .step, .card)")].map(e => {
          const r = e.getBoundingClientRect();
          return [e.nodeName.toLowerCase(), ...e.classList].join(".") + ` at ${r.x},${r.y}, ${r.width} by ${r.height}`;
        })
        """);

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public async Task<int> OverflowAsync() => await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
