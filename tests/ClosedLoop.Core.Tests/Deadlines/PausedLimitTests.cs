using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Deadlines;

/// <summary>Limits whose clocks stand still, through the whole engine. Main CI has 30 minutes from minute 3.</summary>
public sealed class PausedLimitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task A_freeze_moves_a_limit_by_as_long_as_it_lasts_and_says_why()
    {
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(10), Given.At(100)) { Reason = "release freeze" }));
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromMinutes(122), Minute);
        Assert.Empty(_sink.Delivered);
        Assert.Empty((await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
        await loop.RunAsync(Minute, Minute);
        var told = Assert.Single(_sink.Delivered);
        Assert.Equal((Gates.MainCi, Given.At(123)), (told.Gate, told.Deadline!.Value));
        Assert.Equal([Gates.MainCi], (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
    }

    [Fact]
    public async Task While_a_clock_stands_still_the_sentence_says_so()
    {
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(10)) { Reason = "release freeze" }));
        await MergeAsync(loop);
        loop.Time.AdvanceTo(Given.At(50));
        Assert.Contains("; its clock stands still: release freeze", (await loop.Loop.GetStatusAsync("BL-1"))!.Why, StringComparison.Ordinal);
        await loop.RunAsync(TimeSpan.FromDays(30), TimeSpan.FromHours(6));
        Assert.Empty(_sink.Delivered);
    }

    [Fact]
    public async Task A_freeze_that_is_declared_while_an_item_waits_counts_and_one_that_is_ended_early_lets_its_clock_run_on()
    {
        var store = new InMemoryLoopStore();
        using var before = Fixture(static _ => { }, store: store);
        await MergeAsync(before);
        await before.RunAsync(TimeSpan.FromMinutes(20), Minute);
        // Declared at minute 20, for a week.
        using var frozen = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(20), Given.At(10_000))), store: store, time: before);
        await frozen.RunAsync(TimeSpan.FromMinutes(100), Minute);
        Assert.Empty(_sink.Delivered);
        // Ended at minute 120: thirteen minutes of the limit are left, and the pause is looked at again every quarter of an hour.
        using var ended = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(20), Given.At(120))), store: store, time: before);
        await ended.RunAsync(TimeSpan.FromMinutes(12), Minute);
        Assert.Empty(_sink.Delivered);
        await ended.RunAsync(DeadlineWatch.PauseRecheck, Minute);
        Assert.Equal(Given.At(133), Assert.Single(_sink.Delivered).Deadline);
    }

    [Fact]
    public async Task A_freeze_without_an_end_holds_also_when_the_look_at_an_item_is_late()
    {
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(10))), new FakeSource());
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromMinutes(5), Minute);
        loop.Time.Advance(TimeSpan.FromHours(5));
        // The clocks first, as may happen when each loop runs by itself.
        await loop.Engine.RunClocksAsync(default);
        await loop.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        Assert.Empty(_sink.Delivered);
    }

    [Fact]
    public async Task A_freeze_that_began_after_a_limit_ran_out_hides_nothing()
    {
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(34), Given.At(100))));
        await MergeAsync(loop);
        loop.Time.AdvanceTo(Given.At(40));
        await loop.Engine.RunDueAsync(default);
        Assert.Equal(Given.At(33), Assert.Single(_sink.Delivered).Deadline);
        Assert.Equal([Gates.MainCi], (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
    }

    [Fact]
    public async Task Time_that_is_both_blind_and_frozen_counts_once()
    {
        var source = new FakeSource { Answer = static b => null };
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(15), Given.At(40))), source);
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromMinutes(5), Minute);
        source.Answer = static _ => ProbeResult.Unreachable("connection refused");
        await loop.RunAsync(TimeSpan.FromMinutes(25), Minute);
        source.Answer = static _ => null;
        await loop.RunAsync(TimeSpan.FromMinutes(10), Minute);
        var blind = Assert.Single(loop.Get<SourceHealth>().BlindSpans(Gates.MainCi, Given.At(0), loop.Now));
        Assert.True(blind.From < Given.At(15) && blind.To > Given.At(20) && blind.To < Given.At(40));
        // Paused from the beginning of the outage to the end of the freeze, and not for the sum of both.
        var end = Given.At(33) + (Given.At(40) - blind.From);
        loop.Time.AdvanceTo(end.AddSeconds(-1));
        await loop.Engine.RunDueAsync(default);
        Assert.Empty(_sink.Delivered);
        await loop.RunAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1));
        Assert.Equal(end, Assert.Single(_sink.Delivered).Deadline);
    }

    [Fact]
    public async Task Reviews_follow_business_hours_and_main_ci_does_not()
    {
        using var loop = Fixture(static o => o.BusinessHours.Add(new BusinessHours(TimeZoneInfo.Utc, BusinessHours.Weekdays, new TimeOnly(8, 0), new TimeOnly(10, 0)) { Gates = [Gates.Reviewed] }));
        await MergeAsync(loop);
        await loop.TakeAsync(Given.PrOpen(2, 1, Given.Item(2)), Given.Opened(Given.Item(2)));
        await loop.RunAsync(TimeSpan.FromHours(23), TimeSpan.FromMinutes(10));
        Assert.Equal([("BL-1", Gates.MainCi)], _sink.Delivered.Select(static n => (n.ItemId, n.Gate!)));
        // Opened at 09:01: 59 minutes on Monday and the rest on Tuesday.
        await loop.RunAsync(TimeSpan.FromHours(1.5), Minute);
        Assert.Equal(new DateTimeOffset(2026, 1, 6, 9, 1, 0, TimeSpan.Zero), Assert.Single(_sink.Delivered, static n => n.ItemId == "BL-2").Deadline);
    }

    [Fact]
    public async Task What_can_never_pass_as_configured_is_told_at_once_also_in_a_freeze()
    {
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(0), Given.At(10_000))));
        await MergeAsync(loop);
        await loop.TakeAsync(Given.Built(1, "web", GateStatus.Waiting, Reason.Misconfigured, 5, "a1"));
        loop.Time.AdvanceTo(Given.At(6));
        await loop.Engine.RunDueAsync(default);
        Assert.Contains("main-ci cannot pass as configured", Assert.Single(_sink.Delivered).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_every_minute_the_board_shows_as_overdue_what_was_told()
    {
        using var loop = Fixture(static o =>
        {
            o.Freezes.Add(new FreezeWindow(Given.At(-60), Given.At(5)));
            o.Freezes.Add(new FreezeWindow(Given.At(20), Given.At(50)) { Gates = ["main-*"] });
            o.Freezes.Add(new FreezeWindow(Given.At(40), Given.At(70)) { Repositories = ["acme/*"] });
            o.Freezes.Add(new FreezeWindow(Given.At(80), Given.At(90)) { Repositories = ["other/web"] });
        });
        for (int i = 1; i <= 5; i++) await loop.TakeAsync(Given.Delivered(i, i, "a" + i, i * 4)[..^1].Select(f => f.Subject.Is(KeySchemes.PullRequest) && i % 2 == 0 ? f with { Attributes = f.Attributes.SetItem(FactAttributes.Repository, Given.Repository) } : f));
        bool some = false;
        for (int minute = 0; minute < 200; minute++)
        {
            await loop.RunAsync(Minute, Minute);
            for (int i = 1; i <= 5; i++)
            {
                string id = $"BL-{i}";
                var told = _sink.Delivered.Where(n => n.ItemId == id).Select(static n => n.Gate!).ToHashSet();
                Assert.Equal(told, [.. (await loop.Loop.GetStatusAsync(id))!.Overdue]);
                some |= told.Count > 0;
            }
            var listed = (await loop.Get<ILoopQueries>().ListAsync(new ItemQuery { OverdueAt = loop.Now, Limit = 100 })).Items.Select(static s => s.State.Id).ToHashSet(StringComparer.Ordinal);
            Assert.Subset(_sink.Delivered.Select(static n => n.ItemId).ToHashSet(StringComparer.Ordinal), listed);
        }
        Assert.True(some);
    }

    [Fact]
    public async Task A_calendar_of_ones_own_sees_the_limit_and_adds_to_the_others()
    {
        var calendar = new Stopped();
        using var loop = Fixture(static o => o.Freezes.Add(new FreezeWindow(Given.At(5), Given.At(15))), configure: l => l.AddLimitCalendar(_ => calendar));
        await MergeAsync(loop, "P0");
        await loop.RunAsync(TimeSpan.FromMinutes(47), Minute);
        Assert.Empty(_sink.Delivered);
        await loop.RunAsync(Minute, Minute);
        Assert.Single(_sink.Delivered);
        Assert.Contains(calendar.Seen, static l => l is { Pipeline: "delivery", Gate: Gates.MainCi, Priority: "P0" } && l.From == Given.At(3) && l.RunsOutAt == Given.At(33));
    }

    [Fact]
    public async Task A_build_that_its_source_no_longer_knows_does_not_hold_its_item_for_ever()
    {
        var source = new FakeSource();
        using var loop = Fixture(static _ => { }, source);
        await MergeAsync(loop);
        await loop.TakeAsync(Given.Built(1, GateStatus.Running, 5, "a1"));
        await loop.RunAsync(TimeSpan.FromMinutes(40), Minute);
        var told = Assert.Single(_sink.Delivered);
        Assert.Contains("main-ci has not passed", told.Summary, StringComparison.Ordinal);
        Assert.Contains("web #1 Running", told.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merge_that_is_delivered_again_moves_neither_clock()
    {
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink));
        await MergeAsync(loop);
        var (gate, done) = ((await loop.GateAsync("BL-1", Gates.MainCi)).FinishBy, (await loop.StateAsync("BL-1")).DoneBy);
        loop.Time.AdvanceTo(Given.At(25));
        await loop.TakeAsync(Given.Merged(1, 3, Given.Item(1)), Given.Landed("a1", 1, 3));
        Assert.Equal((Given.At(33), Given.At(3 + (24 * 60))), (gate!.Value, done!.Value));
        Assert.Equal((gate, done), ((await loop.GateAsync("BL-1", Gates.MainCi)).FinishBy, (await loop.StateAsync("BL-1")).DoneBy));
        loop.Time.AdvanceTo(Given.At(33));
        await loop.Engine.RunDueAsync(default);
        Assert.Single(_sink.Delivered);
    }

    private LoopFixture Fixture(Action<LimitOptions> limits, FakeSource? source = null, InMemoryLoopStore? store = null, LoopFixture? time = null, Action<ClosedLoopBuilder>? configure = null) => new(
        l =>
        {
            l.AddSink(_ => _sink).ConfigureLimits(limits).AddPipeline("delivery", static p => p.UseDefaultGates().WithoutDoneAlert());
            if (source is not null) l.AddAdapter(_ => source.Register());
            configure?.Invoke(l);
        },
        store,
        time?.Time);

    private static async Task MergeAsync(LoopFixture loop, string? priority = null)
    {
        var opened = Given.Opened(Given.Item(1));
        if (priority is not null) opened = opened with { Attributes = opened.Attributes.SetItem(FactAttributes.Priority, priority) };
        await loop.TakeAsync(opened, Given.PrOpen(1, 1, Given.Item(1)), Given.Review(1, "ann", GateStatus.Passed, 2), Given.Merged(1, 3, Given.Item(1)), Given.Landed("a1", 1, 3));
    }

    private sealed class Stopped : ILimitCalendar
    {
        public List<RunningLimit> Seen { get; } = [];

        public IEnumerable<ClockPause> PausesOf(RunningLimit limit)
        {
            Seen.Add(limit);
            return [new ClockPause(Given.At(10), Given.At(20))];
        }
    }
}
