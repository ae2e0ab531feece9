using System.Diagnostics.Metrics;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Reconciliation;

/// <summary>Every open item has a look planned at every source, whatever happened to the rows.</summary>
public sealed class LookSweepTests
{
    private readonly FakeSource _one = new();
    private readonly FakeSource _other = new();

    [Fact]
    public async Task An_item_that_lost_its_row_gets_one_again_and_it_is_counted()
    {
        using var found = new Missing();
        using var loop = Fixture();
        for (int i = 1; i <= 450; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        await loop.TakeAsync(Given.PrClosed(7, 1, Given.Item(7)));
        await loop.RunAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        Assert.Equal(0, found.Count);
        await loop.Store.CommitAsync(new StoreCommit { At = loop.Now, Due = [Gone(3, "one"), Gone(440, "other"), Gone(441, "one"), Gone(441, "other")] }, default);
        await loop.RunAsync(LookSweep.PassPause + TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        Assert.Equal(4, found.Count);
        foreach (int item in (int[])[3, 440, 441])
            Assert.Equal(["probe:one", "probe:other"], (await loop.Store.ReadDueAsync([Given.Item(item)], default)).Select(static r => r.Kind).Where(static k => k.StartsWith(DueKinds.Probe, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(await loop.Store.ReadDueAsync([Given.Item(7)], default), static r => r.Kind.StartsWith(DueKinds.Probe, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_reads_one_page_and_steps_are_a_second_apart()
    {
        var store = new PagedStore(new InMemoryLoopStore());
        using var loop = Fixture(store);
        for (int i = 1; i <= 450; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        var sweep = loop.Get<LookSweep>();
        store.Pages.Clear();
        for (int i = 0; i < 10; i++) await sweep.RunOnceAsync(default);
        Assert.Equal([LookSweep.PageSize], store.Pages);
        for (int i = 0; i < 10; i++)
        {
            loop.Time.Advance(LookSweep.StepPause);
            await sweep.RunOnceAsync(default);
        }
        Assert.Equal([200, 200, 50], store.Pages);
    }

    [Fact]
    public async Task What_was_abandoned_is_not_read_however_much_there_is_of_it()
    {
        var store = new PagedStore(new InMemoryLoopStore());
        using var loop = Fixture(store);
        for (int i = 1; i <= 300; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        for (int i = 1; i <= 250; i++) await loop.TakeAsync(Given.PrClosed(i, 1, Given.Item(i)));
        var sweep = loop.Get<LookSweep>();
        store.Pages.Clear();
        await sweep.RunOnceAsync(default);
        Assert.Equal([50], store.Pages);
    }

    private static DueChange Gone(int item, string source) => new() { Subject = Given.Item(item), Kind = DueKinds.Probe + source, DueAt = null };

    private LoopFixture Fixture(ILoopStore? store = null) => new(l => l.AddAdapter(_ => _one.Register("one")).AddAdapter(_ => _other.Register("other")), store);

    private sealed class PagedStore(ILoopStore inner) : StoreDecorator(inner)
    {
        public List<int> Pages { get; } = [];

        public override async ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken)
        {
            var page = await base.QueryItemsAsync(query, cancellationToken);
            Pages.Add(page.Items.Count);
            return page;
        }
    }

    private sealed class Missing : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Missing()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "closedloop.looks.missing") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
