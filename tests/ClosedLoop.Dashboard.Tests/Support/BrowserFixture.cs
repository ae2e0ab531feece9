using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>One browser, and one host with the sample record, for all tests.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private StillHost? _still;

    internal IBrowser Browser { get; private set; } = null!;

    internal DashboardHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        string path = Environment.GetEnvironmentVariable("CHROMIUM") ?? Chromium;
        if (!File.Exists(path)) throw new InvalidOperationException($"The dashboard's tests need Chromium at {path}: install it (apt-get install chromium), or name another one by the environment variable CHROMIUM.");
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] });
        Host = await DashboardHost.StartAsync(loop: DashboardHost.AddSources, flow: new SampleFlow(DateTimeOffset.UtcNow));
        await SampleRecord.WriteAsync(Host.Services, DateTimeOffset.UtcNow);
    }

    /// <summary>The sample record on a host whose clock stands; tests that share it leave it so.</summary>
    internal async Task<StillHost> StillAsync() => _still ??= await StillHost.StartAsync();

    public async Task DisposeAsync()
    {
        if (_still is not null) await _still.DisposeAsync();
        if (Host is not null) await Host.DisposeAsync();
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
