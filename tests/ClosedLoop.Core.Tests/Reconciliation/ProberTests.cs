using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Reconciliation;

public sealed class ProberTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeSource _source = new();

    [Fact]
    public async Task A_source_that_cannot_be_reached_changes_no_gate_whatever_it_fails_with()
    {
        using var loop = Fixture();
        await loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        string before = await loop.StatesAsync();
        _source.Answer = static _ => throw new HttpRequestException("connection refused");
        await loop.RunAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(before, await loop.StatesAsync());
        Assert.NotEmpty(_source.Probes);
        _source.Answer = static _ => ProbeResult.Unreachable("502");
        await loop.RunAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(before, await loop.StatesAsync());
    }

    [Fact]
    public async Task A_rate_limit_is_kept_also_when_webhooks_come_in()
    {
        using var loop = Fixture();
        await loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        _source.Answer = b => new ProbeResult { Outcome = ProbeOutcome.RateLimited, RetryAt = b.At.AddMinutes(10) };
        await loop.RunAsync(Minute);
        int asked = _source.Probes.Count;
        _source.Happens(loop.Now, Given.Review(1, "ann", GateStatus.Passed, 2));
        await loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery("0", loop.Now));
        await loop.RunAsync(TimeSpan.FromMinutes(8));
        Assert.Equal(asked, _source.Probes.Count);
        Assert.DoesNotContain("blind", (await loop.Loop.GetStatusAsync("BL-1"))!.Why, StringComparison.Ordinal);
        await loop.RunAsync(TimeSpan.FromMinutes(3));
        Assert.True(_source.Probes.Count > asked);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(1_000_000)]
    public async Task A_retry_time_that_cannot_be_meant_neither_spins_nor_stops_for_ever(int minutes)
    {
        using var loop = Fixture();
        await loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        _source.Answer = b => ProbeResult.Unreachable("busy") with { RetryAt = b.At.AddMinutes(minutes) };
        await loop.RunAsync(Minute);
        Assert.InRange(_source.Probes.Count, 1, 20);
        _source.Answer = static _ => null;
        int before = _source.Probes.Count;
        await loop.RunAsync(TimeSpan.FromMinutes(65), Minute);
        Assert.True(_source.Probes.Count > before);
    }

    [Fact]
    public async Task A_webhook_brings_the_next_look_forward()
    {
        using var loop = Fixture();
        await loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        await loop.RunAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _source.Happens(loop.Now, Given.Review(1, "ann", GateStatus.Passed, 0));
        await loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery("0", loop.Now));
        Assert.Equal(loop.Now.AddSeconds(5), (await loop.Loop.GetStatusAsync("BL-1"))!.NextLookAt);
    }

    [Fact]
    public async Task A_sweep_finds_what_nobody_announced_and_goes_on_from_where_it_was()
    {
        using var loop = Fixture();
        await loop.RunAsync(Minute);
        _source.Happens(loop.Now, Given.Delivered(1, 1, "a1")[1..]);
        await loop.RunAsync(TimeSpan.FromMinutes(2));
        Assert.True((await loop.StateAsync("BL-1")).IsDone);
        var sweeps = _source.Probes.Where(static p => p.SweepSince is not null).ToList();
        Assert.Equal(Given.Start.AddDays(-1), sweeps[0].SweepSince);
        Assert.Equal(sweeps[0].At - Minute, sweeps[1].SweepSince);
        // While it cannot be read the mark stays, so that nothing falls between two sweeps.
        _source.Answer = static _ => ProbeResult.Unreachable("down");
        var last = _source.Probes.Last(static p => p.SweepSince is not null).At;
        await loop.RunAsync(TimeSpan.FromMinutes(30), Minute);
        _source.Answer = static _ => null;
        await loop.RunAsync(TimeSpan.FromMinutes(20), Minute);
        Assert.Contains(_source.Probes, p => p.At > last.AddMinutes(25) && p.SweepSince == last - Minute);
    }

    [Fact]
    public async Task Closed_items_are_not_read_any_more_and_reopened_ones_are()
    {
        using var loop = Fixture();
        await loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        Assert.NotNull((await loop.Loop.GetStatusAsync("BL-1"))!.NextLookAt);
        await loop.TakeAsync(Given.PrClosed(1, 1, Given.Item(1)));
        Assert.Null((await loop.Loop.GetStatusAsync("BL-1"))!.NextLookAt);
        await loop.RunAsync(TimeSpan.FromMinutes(5));
        Assert.All(_source.Probes, static p => Assert.Empty(p.Keys));
        await loop.TakeAsync(Given.PrOpen(1, 2, Given.Item(1)));
        await loop.RunAsync(TimeSpan.FromMinutes(2));
        Assert.Contains(_source.Probes, static p => p.Keys.Contains(Given.Pr(1)));
    }

    [Fact]
    public async Task An_adapter_that_is_added_later_also_reads_the_items_that_were_open_before()
    {
        var store = new InMemoryLoopStore();
        using var without = new LoopFixture(store: store);
        await without.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        await without.RunAsync(Minute);
        using var with = Fixture(store, without);
        await with.RunAsync(TimeSpan.FromMinutes(2));
        Assert.Contains(_source.Probes, static p => p.Keys.Contains(Given.Pr(1)));
    }

    [Fact]
    public async Task An_item_that_is_done_is_looked_at_ten_times_more_rarely_and_as_often_as_before_when_it_is_not_any_more()
    {
        using var loop = Fixture();
        await loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        await loop.RunAsync(TimeSpan.FromHours(2), TimeSpan.FromSeconds(30));
        Assert.True((await loop.StateAsync("BL-1")).IsDone);
        Assert.InRange(_source.Probes.Count(static p => p.Keys.Contains(Given.Pr(1))), 11, 20);
        await loop.TakeAsync(Given.Built(2, GateStatus.Failed, 60, "a1"));
        int before = _source.Probes.Count(static p => p.Keys.Contains(Given.Pr(1)));
        await loop.RunAsync(Minute);
        Assert.Equal(before + 1, _source.Probes.Count(static p => p.Keys.Contains(Given.Pr(1))));
    }

    [Fact]
    public async Task A_source_whose_gates_all_hold_is_looked_at_more_rarely_also_while_the_item_waits_for_another()
    {
        var other = new FakeSource();
        using var loop = new LoopFixture(l => l.AddAdapter(_ => _source.Register("scm", Gates.PrOpened, Gates.Reviewed, Gates.Merged)).AddAdapter(_ => other.Register("ci", Gates.MainCi)));
        await loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        await loop.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30));
        Assert.InRange(_source.Probes.Count(static p => !p.Keys.IsEmpty), 4, 9);
        // Once a minute at first; it becomes quiet.
        Assert.InRange(other.Probes.Count(static p => !p.Keys.IsEmpty), 30, 60);
    }

    [Theory]
    [InlineData(60, 600)]
    [InlineData(120, 900)]
    [InlineData(1800, 1800)]
    public async Task The_rarer_looks_are_never_further_apart_than_a_quarter_of_an_hour_unless_the_source_is_polled_so_rarely(int interval, int expected)
    {
        using var loop = new LoopFixture(l => l.AddAdapter(_ => _source.Register(TimeSpan.FromSeconds(interval))));
        await loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        await loop.RunAsync(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(1));
        var looked = _source.Probes.Last(static p => p.Keys.Contains(Given.Pr(1))).At;
        Assert.InRange((await loop.Loop.GetStatusAsync("BL-1"))!.NextLookAt!.Value - looked, TimeSpan.FromSeconds(expected * 0.75), TimeSpan.FromSeconds(expected));
    }

    private LoopFixture Fixture(InMemoryLoopStore? store = null, LoopFixture? before = null) => new(l => l.AddAdapter(_ => _source.Register()), store, before?.Time);
}
