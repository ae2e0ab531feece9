using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Deadlines;

/// <summary>Merged and not done in time, whichever gate it waits for.</summary>
public sealed class DoneLimitTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task An_item_that_is_not_done_24_hours_after_its_merge_is_told_once_and_shown()
    {
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink));
        await loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        Assert.Equal(Given.At(3) + DefaultLimits.Done, (await loop.StateAsync("BL-1")).DoneBy);
        await loop.RunAsync(TimeSpan.FromHours(24), Hour);
        Assert.DoesNotContain(_sink.Delivered, static n => n.Gate == ItemState.DoneClock);
        await loop.RunAsync(TimeSpan.FromHours(48), Hour);
        var told = Assert.Single(_sink.Delivered, static n => n.Gate == ItemState.DoneClock);
        Assert.Equal(("item.overdue", Given.At(3) + DefaultLimits.Done), (told.Type, told.Deadline!.Value));
        Assert.Contains("after the merge (limit 2026-01-06 09:03 UTC); waiting for main-ci", told.Summary, StringComparison.Ordinal);
        Assert.Single(await loop.TransitionsAsync("BL-1"), static t => t is { Kind: TransitionKind.Overdue, Gate: ItemState.DoneClock });
        Assert.Equal([Gates.MainCi, ItemState.DoneClock], (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);

        await loop.TakeAsync(Given.Built(1, GateStatus.Passed, 5000, "a1"));
        var state = await loop.StateAsync("BL-1");
        Assert.Equal((true, null), (state.IsDone, state.DoneBy));
        Assert.DoesNotContain(ItemState.DoneClock, (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
    }

    [Fact]
    public async Task It_runs_only_for_what_is_merged_and_open()
    {
        using var loop = new LoopFixture();
        await loop.TakeAsync(Given.Opened(Given.Item(1)), Given.PrOpen(1, 1, Given.Item(1)));
        await loop.TakeAsync(Given.Opened(Given.Item(2)), Given.PrOpen(2, 1, Given.Item(2)), Given.PrClosed(2, 2, Given.Item(2)));
        await loop.TakeAsync(Given.Delivered(3, 3, "a3"));
        foreach (string id in new[] { "BL-1", "BL-2", "BL-3" }) Assert.Null((await loop.StateAsync(id)).DoneBy);
        // Of two changes the later merge counts.
        await loop.TakeAsync(Given.Opened(Given.Item(4)), Given.Merged(4, 10, Given.Item(4)), Given.PrOpen(5, 1, Given.Item(4)));
        Assert.Null((await loop.StateAsync("BL-4")).DoneBy);
        await loop.TakeAsync(Given.Merged(5, 70, Given.Item(4)));
        Assert.Equal(Given.At(70) + DefaultLimits.Done, (await loop.StateAsync("BL-4")).DoneBy);
    }

    [Fact]
    public async Task A_limit_that_comes_to_a_running_pipeline_is_judged_also_for_items_that_are_past_it()
    {
        var store = new InMemoryLoopStore();
        using var before = new LoopFixture(l => l.AddSink(_ => _sink).AddPipeline("delivery", static p => p.UseDefaultGates().WithoutDoneAlert()), store);
        await before.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        await before.RunAsync(TimeSpan.FromHours(30), Hour);
        Assert.Null((await before.StateAsync("BL-1")).DoneBy);
        _sink.Delivered.Clear();
        using var after = new LoopFixture(l => l.AddSink(_ => _sink).AddPipeline("delivery", static p => p.UseDefaultGates().DoneWithin(TimeSpan.FromHours(10))), store, before.Time);
        await after.RunAsync(Hour, TimeSpan.FromMinutes(1));
        Assert.Equal(Given.At(3).AddHours(10), Assert.Single(_sink.Delivered).Deadline);
    }

    [Fact]
    public async Task While_the_source_of_the_gate_that_it_waits_for_is_away_its_clock_stands_still()
    {
        var source = new FakeSource();
        using var loop = new LoopFixture(l => l.AddAdapter(_ => source.Register("fake", Gates.MainCi)).AddSink(_ => _sink).AddPipeline("delivery", static p => p.UseDefaultGates().Gate(Gates.MainCi, static g => g.WithoutAlert()).DoneWithin(Hour)));
        await loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        await loop.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        source.Answer = static _ => ProbeResult.Unreachable("connection refused");
        await loop.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        Assert.Empty(_sink.Delivered);
        source.Answer = static _ => null;
        await loop.RunAsync(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(1));
        Assert.Empty(_sink.Delivered);
        await loop.RunAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));
        Assert.Equal(ItemState.DoneClock, Assert.Single(_sink.Delivered).Gate);
    }

    [Fact]
    public async Task A_freeze_may_name_it()
    {
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink).ConfigureLimits(static o => o.Freezes.Add(new FreezeWindow(Given.At(10), Given.At(10).AddDays(2)) { Gates = [ItemState.DoneClock] })));
        await loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        await loop.RunAsync(TimeSpan.FromDays(4), Hour);
        Assert.Equal(Given.At(3).AddDays(3), Assert.Single(_sink.Delivered, static n => n.Gate == ItemState.DoneClock).Deadline);
        Assert.Equal(Given.At(33), Assert.Single(_sink.Delivered, static n => n.Gate == Gates.MainCi).Deadline);
    }
}
