using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Insights.Tests.Support;

/// <summary>A whole system with insights on manual time.</summary>
internal sealed class FlowFixture(Action<ClosedLoopBuilder>? configure = null, ILoopStore? store = null, ManualTimeProvider? time = null, Action<InsightsOptions>? insights = null) : IDisposable
{
    public LoopFixture System { get; } = new(
        loop =>
        {
            loop.AddInsights(insights);
            configure?.Invoke(loop);
        },
        store,
        time);

    public void Dispose() => System.Dispose();

    public Task TakeAsync(params IEnumerable<Fact> facts) => System.TakeAsync(facts);

    /// <summary>Moves the clock to some minutes after the start; nothing is done in between.</summary>
    public async Task<FlowReport> ReportAtAsync(double minute)
    {
        System.Time.AdvanceTo(Given.At(minute));
        return await ReportAsync();
    }

    /// <summary>The report once the roll-up has taken in everything.</summary>
    public async Task<FlowReport> ReportAsync()
    {
        var flow = System.Get<IFlow>();
        do await System.RunAsync(TimeSpan.FromSeconds(10));
        while ((await flow.ReportAsync()).IsCatchingUp);
        return await flow.ReportAsync();
    }

    /// <summary>The parts of the roll-up as stored.</summary>
    public async Task<SortedDictionary<string, string>> PartsAsync()
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var part in System.Store.DocumentsAsync("insights/flow/parts/", default)) parts[part.Name] = part.Body;
        return parts;
    }
}
