using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Migration;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Deadlines;

public sealed class DeadlineWatchTests
{
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task A_limit_that_ran_out_is_told_once_whatever_is_delivered_again_or_flaps()
    {
        using var loop = Fixture();
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(1));
        Assert.Empty(_sink.Delivered);
        await loop.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        var told = Assert.Single(_sink.Delivered);
        Assert.Equal(("gate.overdue", "BL-1", Gates.MainCi, Given.At(33)), (told.Type, told.ItemId, told.Gate, told.Deadline!.Value));
        Assert.Equal([Gates.MainCi], (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);

        for (int i = 0; i < 6; i++)
        {
            await loop.TakeAsync(Given.Merged(1, 3, Given.Item(1)), Given.Built(i + 1, i % 2 == 0 ? GateStatus.Passed : GateStatus.Failed, 45 + i, "a1"));
            await loop.RunAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }
        await loop.RunAsync(TimeSpan.FromHours(30), TimeSpan.FromHours(1));
        Assert.Single(_sink.Delivered, static n => n.Gate == Gates.MainCi);
        Assert.Single(await loop.TransitionsAsync("BL-1"), static t => t.Kind == TransitionKind.Overdue && t.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task A_limit_survives_a_restart_and_what_was_told_is_not_told_again()
    {
        var store = new InMemoryLoopStore();
        using var first = Fixture(store: store);
        await MergeAsync(first);
        await first.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        using var second = new LoopFixture(l => l.AddSink(_ => _sink), store, first.Time);
        await second.RunAsync(TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(1));
        Assert.Single(_sink.Delivered);
        using var third = new LoopFixture(l => l.AddSink(_ => _sink), store, first.Time);
        await third.RunAsync(TimeSpan.FromHours(48), TimeSpan.FromHours(1));
        Assert.Equal([Gates.MainCi, ItemState.DoneClock], _sink.Delivered.Select(static n => n.Gate));
    }

    [Fact]
    public async Task A_blind_gate_is_not_judged_and_is_when_its_source_answers_again()
    {
        var source = new FakeSource { Answer = static _ => ProbeResult.Unreachable("connection refused") };
        using var loop = Fixture(source);
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        Assert.Empty(_sink.Delivered);
        var status = (await loop.Loop.GetStatusAsync("BL-1"))!;
        Assert.Equal(Reason.Blind, status.State.Gate(Gates.MainCi)!.Reason);
        Assert.Contains("blind: fake cannot be reached since 09:00", status.Why, StringComparison.Ordinal);
        Assert.Equal(Reason.None, (await loop.GateAsync("BL-1", Gates.MainCi)).Reason);
        Assert.Empty(status.Overdue);
        // Its clock stood still: what was left of the limit is left.
        source.Answer = static _ => null;
        await loop.RunAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));
        Assert.Empty(_sink.Delivered);
        Assert.Empty((await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
        await loop.RunAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));
        Assert.Single(_sink.Delivered, static n => n.Gate == Gates.MainCi);
        Assert.Equal([Gates.MainCi], (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
    }

    [Fact]
    public async Task What_finished_while_nothing_ran_is_found_before_its_limit_is_judged()
    {
        var (source, store) = (new FakeSource(), new InMemoryLoopStore());
        using var before = Fixture(source, store);
        await MergeAsync(before);
        await before.RunAsync(TimeSpan.FromMinutes(5));
        source.Happens(Given.At(8), Given.Built(1, GateStatus.Passed, 8, "a1"));
        before.Time.Advance(TimeSpan.FromHours(5));
        using var after = new LoopFixture(l => l.AddAdapter(_ => source.Register()).AddSink(_ => _sink), store, before.Time);
        // The clocks first, as may happen when each loop runs by itself.
        await after.Engine.StartAsync(default);
        await after.Engine.RunClocksAsync(default);
        await after.RunAsync(TimeSpan.FromMinutes(3));
        Assert.DoesNotContain(_sink.Delivered, static n => n.Gate == Gates.MainCi);
        Assert.True((await after.StateAsync("BL-1")).IsDone);
    }

    [Fact]
    public async Task The_clock_of_what_never_started_is_its_own()
    {
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink).AddPipeline("p", p => p.UseDefaultGates().Gate(Gates.MainCi, g => g.StartsWithin(TimeSpan.FromMinutes(5)))));
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        Assert.Contains("main-ci has not started", Assert.Single(_sink.Delivered).Summary, StringComparison.Ordinal);
        await loop.TakeAsync(Given.Built(1, GateStatus.Running, 11, "a1"));
        await loop.RunAsync(TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(1));
        Assert.Equal(2, _sink.Delivered.Count);
        Assert.Contains("main-ci has not passed", _sink.Delivered[1].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrated_items_are_flagged_and_never_judged_or_read()
    {
        var source = new FakeSource();
        using var loop = Fixture(source);
        var migration = loop.Get<ILoopMigration>();
        await migration.BackdateAsync([new MigratedItem("OLD-1", Given.At(-9000)) { CompletedAt = Given.At(-5000) }]);
        await migration.CliffAsync([new MigratedItem("OLD-2", Given.At(-9000))]);
        await loop.Get<IIntake>().SubmitAsync(LoopFixture.Submission(Given.PrOpen(5, 1, Key.Item("OLD-2"))) with { Source = "fake", DeliveryId = "d", ReceivedAt = Given.At(1) });
        await loop.RunAsync(TimeSpan.FromDays(2), TimeSpan.FromHours(1));
        Assert.Empty(_sink.Delivered);
        Assert.All(await loop.ItemsAsync(), static r => Assert.Null(r.NextProbeAt));
        var (old, cliff) = (await loop.StateAsync("OLD-1"), await loop.StateAsync("OLD-2"));
        Assert.Equal(("backdated", true, Reason.Migrated), (old.Migration, old.IsDone, old.Gate(Gates.MainCi)!.Reason));
        Assert.Equal(("cliff", false), (cliff.Migration, cliff.IsDone));
    }

    [Fact]
    public async Task A_gate_that_passes_while_its_limit_is_being_judged_is_not_told_as_overdue()
    {
        var store = new ChangesBeneath(new InMemoryLoopStore(), static commit => commit.Outbox.Count > 0);
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink), store);
        store.Change = () => loop.TakeAsync(Given.Built(1, GateStatus.Passed, 20, "a1"));
        await MergeAsync(loop);
        loop.Time.AdvanceTo(Given.At(34));
        await loop.Engine.RunDueAsync(default);
        Assert.True(store.HasChanged);
        Assert.DoesNotContain(_sink.Delivered, static n => n.Gate == Gates.MainCi);
        Assert.DoesNotContain(await loop.TransitionsAsync("BL-1"), static t => t.Kind == TransitionKind.Overdue && t.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task A_limit_that_begins_while_the_last_one_is_being_judged_is_still_told()
    {
        var store = new ChangesBeneath(new InMemoryLoopStore(), static commit => commit.Due.Any(static d => d is { Kind: DueKinds.Sla, DueAt: null, Token: not 0 }));
        using var loop = new LoopFixture(
            l => l.AddSink(_ => _sink).AddPipeline("p", static p => p
                .Gate(Gates.Merged, static g => g.WrittenBy("scm").WithoutAlert())
                .Gate(Gates.MainCi, static g => g.WrittenBy("ci").Within(TimeSpan.FromMinutes(30)))
                .Gate("later", static g => g.WrittenBy("health").WithoutAlert())
                .DoneWhen(Done.When("green", Gates.MainCi))),
            store);
        store.Change = () => loop.TakeAsync(Given.Built(2, GateStatus.Failed, 20, "a1"));
        await MergeAsync(loop);
        await loop.TakeAsync(Given.Built(1, GateStatus.Passed, 5, "a1"));
        await loop.RunAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        Assert.True(store.HasChanged);
        Assert.Single(_sink.Delivered, static n => n.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task A_limit_is_told_also_while_the_record_changes_all_the_time()
    {
        var store = new AlwaysChanging(new InMemoryLoopStore());
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink), store);
        await MergeAsync(loop);
        loop.Time.AdvanceTo(Given.At(34));
        await loop.Engine.RunDueAsync(default);
        Assert.True(store.Conflicts > 0);
        Assert.Single(_sink.Delivered, static n => n.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task An_item_that_stays_as_it_is_for_a_year_is_judged_some_times_and_not_each_day()
    {
        var store = new CountsClaims(new InMemoryLoopStore());
        using var loop = new LoopFixture(l => l.AddSink(_ => _sink), store);
        await MergeAsync(loop);
        await loop.RunAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(1));
        store.Claims = 0;
        await loop.RunAsync(TimeSpan.FromDays(365), TimeSpan.FromHours(12));
        Assert.InRange(store.Claims, 5, 9);
        int told = _sink.Delivered.Count;
        // What begins then is told in its time all the same.
        loop.Time.Advance(TimeSpan.FromDays(1));
        double now = (loop.Now - Given.Start).TotalMinutes;
        await loop.TakeAsync(Given.Built(1, GateStatus.Passed, now, "a1"));
        await loop.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        Assert.Equal(told + 1, _sink.Delivered.Count);
        Assert.Equal(Gates.ImageBuilt, _sink.Delivered[^1].Gate);
    }

    private LoopFixture Fixture(FakeSource? source = null, InMemoryLoopStore? store = null) => new(l =>
    {
        l.AddSink(_ => _sink);
        if (source is not null) l.AddAdapter(_ => source.Register());
    }, store);

    // Merged three minutes after the start, in the clock's future until it has run there; facts carry their own times.
    private static async Task MergeAsync(LoopFixture loop) =>
        await loop.TakeAsync(Given.Opened(Given.Item(1)), Given.PrOpen(1, 1, Given.Item(1)), Given.Review(1, "ann", GateStatus.Passed, 2), Given.Merged(1, 3, Given.Item(1)), Given.Landed("a1", 1, 3));

    /// <summary>Another part of the engine commits between the reading and the storing of one that is chosen.</summary>
    private sealed class ChangesBeneath(ILoopStore inner, Func<StoreCommit, bool> chosen) : StoreDecorator(inner)
    {
        public Func<Task> Change { get; set; } = static () => Task.CompletedTask;

        public bool HasChanged { get; private set; }

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (!HasChanged && chosen(commit))
            {
                HasChanged = true;
                await Change();
            }
            return await base.CommitAsync(commit, cancellationToken);
        }
    }

    private sealed class CountsClaims(ILoopStore inner) : StoreDecorator(inner)
    {
        public int Claims { get; set; }

        public override async ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken)
        {
            var claims = await base.ClaimDueAsync(request, cancellationToken);
            if (request.Kind == DueKinds.Sla) Claims += claims.Count;
            return claims;
        }
    }

    private sealed class AlwaysChanging(ILoopStore inner) : StoreDecorator(inner)
    {
        public int Conflicts { get; private set; }

        public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (commit.Token is null || commit.Outbox.Count == 0) return base.CommitAsync(commit, cancellationToken);
            Conflicts++;
            return new(new CommitResult(CommitOutcome.Conflict));
        }
    }
}
