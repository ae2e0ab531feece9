using System.Globalization;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>A host with the sample record whose clock stands still: nothing changes unless a test says so.</summary>
internal sealed class StillHost : IAsyncDisposable
{
    // What the sample record has for causes that are late enough to be told.
    private const int Incidents = 4;
    private const int MaxSteps = 600;

    private readonly DashboardHost _host;

    private StillHost(DashboardHost host, ManualTimeProvider clock) => (_host, Clock) = (host, clock);

    public ManualTimeProvider Clock { get; }

    public string Page(string path) => _host.Page(path);

    public static async Task<StillHost> StartAsync()
    {
        var clock = new ManualTimeProvider();
        var host = new StillHost(await DashboardHost.StartAsync(loop: DashboardHost.AddSources, time: clock, flow: new SampleFlow(clock.GetUtcNow())), clock);
        await SampleRecord.WriteAsync(host._host.Services, clock.GetUtcNow());
        await host.RestAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    // The engine works on threads of its own: a request between two steps gives it the time to.
    private async Task RestAsync()
    {
        var incidents = _host.Services.GetRequiredService<IIncidents>();
        using var client = new HttpClient();
        int found = 0;
        for (int step = 0; step < MaxSteps; step++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await client.GetStringAsync(Page("/stuck"));
            found = (await incidents.ListAsync()).Count;
            if (found == Incidents) return;
        }
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The sample record has {Incidents} incidents, and {found} were found."));
    }
}
