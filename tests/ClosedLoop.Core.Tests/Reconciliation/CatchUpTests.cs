using System.Globalization;
using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Reconciliation;

/// <summary>A long downtime: a poll that rejects or replays everything at once is how peers stopped silently (spinnaker#5921).</summary>
public sealed class CatchUpTests
{
    private const int Due = 100_000;

    private readonly FakeSource _source = new();
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task A_week_of_missed_looks_at_a_hundred_thousand_items_is_made_up_for_once_oldest_first_in_bounded_rounds_within_the_budget()
    {
        var store = new WatchedStore(new InMemoryLoopStore());
        await store.InitializeAsync(default);
        for (int i = 0; i < Due; i += 10_000)
            await store.CommitAsync(new StoreCommit { At = Given.Start, Due = [.. Enumerable.Range(i, 10_000).Select(static n => Row(n))] }, default);
        using var loop = new LoopFixture(l => l.AddAdapter(_ => _source.Register(TimeSpan.FromMinutes(1), 5_000, 100)), store);
        loop.Time.Advance(TimeSpan.FromDays(7));
        var back = loop.Now;
        var calls = new List<DateTimeOffset>();
        _source.Answer = batch =>
        {
            calls.Add(batch.At);
            return ProbeResult.Reached([]) with { Calls = 1 };
        };
        await loop.Engine.StartAsync(default);
        int taken = 0;
        for (int minute = 0; minute < 30 && store.Looked.Count < Due; minute++)
        {
            await loop.RunAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20));
            // Webhooks are taken meanwhile.
            _source.Happens(loop.Now, Given.PrOpen(900_000 + minute, 1));
            var result = await loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery(taken.ToString(CultureInfo.InvariantCulture), loop.Now));
            Assert.Equal(WebhookOutcome.Accepted, result.Outcome);
            taken++;
        }
        Assert.True(taken < 30, $"after {taken} minutes only {store.Looked.Count} were read");
        Assert.InRange(store.LargestClaim, 1, Prober.MaxLooks);
        // One look for each, not one for each interval that was missed.
        int[] order = [.. store.Looked.Select(static s => Number(s) - 1)];
        Assert.Equal(Due, order.Length);
        // Within a round they are in the order of repositories.
        Assert.All(order.Select(static (number, place) => Math.Abs(number - place)), static distance => Assert.InRange(distance, 0, 2 * Prober.MaxLooks));
        Assert.InRange(calls.Count, Due / 100, 1_200);
        Assert.InRange(calls.Count(at => at < back.AddMinutes(5)), 100, 5 * 75 + 100);
    }

    [Fact]
    public async Task Limits_that_ran_out_while_nothing_ran_are_judged_only_after_their_items_were_read()
    {
        var store = new InMemoryLoopStore();
        using (var before = Fixture(store))
        {
            for (int i = 1; i <= 60; i++) await before.TakeAsync(Given.Delivered(i, i, $"a{i}")[..^1]);
            await before.RunAsync(TimeSpan.FromMinutes(10));
            for (int i = 1; i <= 60; i++) _source.Happens(Given.At(20), Given.Built(i, GateStatus.Passed, 20, $"a{i}"));
            before.Time.Advance(TimeSpan.FromDays(7));
            using var after = Fixture(store, before);
            // The budget pays for two items a minute: the last one is read half an hour after the first.
            await after.RunAsync(TimeSpan.FromMinutes(55), TimeSpan.FromSeconds(10));
            Assert.True((await after.StateAsync("BL-60")).IsDone);
        }
        Assert.DoesNotContain(_sink.Delivered, static n => n.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task A_reader_right_after_a_restart_is_not_told_of_a_breach_before_anybody_looked()
    {
        var store = new InMemoryLoopStore();
        using var before = Fixture(store);
        for (int i = 1; i <= 2; i++) await before.TakeAsync(Given.Delivered(i, i, $"a{i}")[..^1]);
        await before.RunAsync(TimeSpan.FromMinutes(10));
        _source.Happens(Given.At(20), Given.Built(1, GateStatus.Passed, 20, "a1"));
        before.Time.Advance(TimeSpan.FromDays(7));
        using var after = Fixture(store, before);
        Assert.Empty((await after.Loop.GetStatusAsync("BL-1"))!.Overdue);
        Assert.Empty((await after.Loop.GetStatusAsync("BL-2"))!.Overdue);
        await after.RunAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(Gates.MainCi, (await after.Loop.GetStatusAsync("BL-1"))!.Overdue);
        Assert.Equal([Gates.MainCi, ItemState.DoneClock], (await after.Loop.GetStatusAsync("BL-2"))!.Overdue);
    }

    private LoopFixture Fixture(ILoopStore store, LoopFixture? before = null)
    {
        _source.Answer = batch => batch.Keys.Length > 4 * batch.Allowance ? new ProbeResult { Outcome = ProbeOutcome.RateLimited, Calls = 0 } : null;
        return new LoopFixture(l => l.AddSink(_ => _sink).AddAdapter(_ => _source.Register(TimeSpan.FromMinutes(1), 200, 4)), store, before?.Time);
    }

    private static int Number(Key item) => int.Parse(item.Value.AsSpan(item.Value.LastIndexOf('#') + 1), CultureInfo.InvariantCulture);

    // Rows alone: what stands for a pull request needs no facts to be asked about.
    private static DueChange Row(int number) => new()
    {
        Subject = Key.Item(Given.Pr(number + 1).ToString()),
        Kind = DueKinds.Probe + "fake",
        DueAt = Given.Start.AddMilliseconds(number),
    };

    private sealed class WatchedStore(ILoopStore inner) : StoreDecorator(inner)
    {
        private readonly HashSet<Key> _known = [];

        /// <summary>In the order of their first look.</summary>
        public List<Key> Looked { get; } = [];

        public int LargestClaim { get; private set; }

        public override async ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken)
        {
            var claims = await base.ClaimDueAsync(request, cancellationToken);
            LargestClaim = Math.Max(LargestClaim, claims.Count);
            return claims;
        }

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            foreach (var due in commit.Due)
                if (due.Token != 0 && due.Mode == DueMode.Set && due.Kind == DueKinds.Probe + "fake" && Number(due.Subject) <= Due && _known.Add(due.Subject))
                    Looked.Add(due.Subject);
            return await base.CommitAsync(commit, cancellationToken);
        }
    }
}
