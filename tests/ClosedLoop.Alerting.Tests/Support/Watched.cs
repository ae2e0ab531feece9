using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Alerting.Tests.Support;

/// <summary>A whole system with incidents on manual time, and a sink that records.</summary>
internal sealed class Watched : IDisposable
{
    public Watched(Action<AlertingBuilder>? alerts = null, Action<ClosedLoopBuilder>? loop = null, ILoopStore? store = null, ManualTimeProvider? time = null, RecordingSink? sink = null)
    {
        Sink = sink ?? new RecordingSink();
        System = new LoopFixture(
            l =>
            {
                loop?.Invoke(l);
                l.AddAlerting(a =>
                {
                    a.AddSink(_ => Sink);
                    alerts?.Invoke(a);
                });
            },
            store,
            time);
    }

    public LoopFixture System { get; }

    public RecordingSink Sink { get; }

    public IIncidents Incidents => System.Get<IIncidents>();

    public DateTimeOffset Now => System.Now;

    public double Minute => (Now - Given.Start).TotalMinutes;

    public void Dispose() => System.Dispose();

    /// <summary>Runs to a minute after the start, a step at a time.</summary>
    public Task RunToAsync(double minute, TimeSpan? step = null) => System.RunAsync(Given.At(minute) - Now, step ?? TimeSpan.FromSeconds(30));

    /// <summary>An item that was opened, reviewed and merged by a minute.</summary>
    public Task MergeAsync(int item, double minute = 0, string? priority = null) => System.TakeAsync(Merged(item, minute, priority));

    public static Fact[] Merged(int item, double minute, string? priority = null)
    {
        var opened = Given.Opened(Given.Item(item), minute);
        if (priority is not null) opened = opened with { Attributes = opened.Attributes.SetItem(FactAttributes.Priority, priority) };
        return
        [
            opened, Given.PrOpen(item, minute, Given.Item(item)), Given.Review(item, "ann", GateStatus.Passed, minute), Given.Merged(item, minute, Given.Item(item)),
            Landed(item, minute),
        ];
    }

    public static string Sha(int item) => $"{item:x8}{new string('a', 32)}";

    public Task BuildAsync(int number, GateStatus status, params IEnumerable<int> items) => System.TakeAsync(Given.Built(number, status, Minute, [.. items.Select(Sha)]));

    public async Task<Incident> SingleAsync(bool openOnly = true) => Assert.Single(await Incidents.ListAsync(openOnly));

    private static Fact Landed(int item, double minute)
    {
        var landed = Given.Landed(Sha(item), item, minute);
        return landed with { Attributes = landed.Attributes.SetItem(FactAttributes.Branch, "main") };
    }
}
