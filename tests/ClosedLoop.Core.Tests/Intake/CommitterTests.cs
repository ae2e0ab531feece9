using System.Collections.Immutable;
using System.Text;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Intake;

public sealed class CommitterTests
{
    [Fact]
    public async Task Poison_is_found_by_halving_and_kept_with_its_bytes_while_the_rest_of_the_batch_commits()
    {
        using var loop = new LoopFixture(store: new MoodyStore { Poison = "BL-3" });
        var batch = Enumerable.Range(1, 7).Select(i => LoopFixture.Submission(Given.Opened(Given.Item(i))) with { DeliveryId = $"{i}", Body = Encoding.UTF8.GetBytes($"body {i}") }).ToList();
        var results = await loop.Committer.CommitAsync(batch, null, default);
        Assert.Equal([2], results.Select(static (r, i) => (r, i)).Where(static x => x.r.Outcome == SubmissionOutcome.Quarantined).Select(static x => x.i));
        Assert.Equal(["BL-1", "BL-2", "BL-4", "BL-5", "BL-6", "BL-7"], (await loop.ItemsAsync()).Select(static r => r.State.Id));
        var kept = Assert.Single(await loop.QuarantineAsync());
        Assert.Equal((QuarantineKind.Poison, "body 3"), (kept.Kind, Encoding.UTF8.GetString(kept.Body.Span)));

        // Sent again it is kept once, and as soon as it can be applied it counts.
        Assert.Equal(SubmissionOutcome.Quarantined, (await loop.Committer.CommitAsync([batch[2]], null, default))[0].Outcome);
        Assert.Single(await loop.QuarantineAsync());
        ((MoodyStore)loop.Store).Poison = null;
        Assert.Equal(SubmissionOutcome.Committed, (await loop.Committer.CommitAsync([batch[2]], null, default))[0].Outcome);
        Assert.Equal(7, (await loop.ItemsAsync()).Count);
    }

    [Fact]
    public async Task Poison_of_a_probe_keeps_its_facts_and_is_kept_once_however_often_it_is_read()
    {
        using var loop = new LoopFixture(store: new MoodyStore { Poison = "BL-3" });
        for (int i = 0; i < 3; i++) await loop.TakeAsync(Given.Opened(Given.Item(3)));
        Assert.Contains("item:BL-3", Encoding.UTF8.GetString(Assert.Single(await loop.QuarantineAsync()).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fact_that_cannot_be_kept_is_put_aside_and_the_others_of_its_submission_count()
    {
        using var loop = new LoopFixture();
        var many = Given.Built(1, GateStatus.Passed, 5) with { Links = [.. Enumerable.Range(0, FactLimits.LinkCount + 1).Select(static i => Given.Commit($"c{i}"))] };
        var bad = new[] { many, Given.Built(2, GateStatus.Passed, 5) with { Name = new string('x', 600) }, Given.Merged(1, 1) with { Links = [default] }, Given.Merged(1, 1) with { Writer = new Writer("a:b", "c") } };
        var result = await loop.TakeAsync([Given.Opened(Given.Item(1)), .. bad]);
        Assert.Equal(SubmissionOutcome.Committed, result.Outcome);
        Assert.Equal(4, result.Refusals.Count);
        Assert.NotNull(await loop.FindAsync("BL-1"));
        Assert.Equal(4, (await loop.QuarantineAsync()).Count);
    }

    [Fact]
    public async Task A_record_that_changed_meanwhile_is_folded_again()
    {
        var store = new MoodyStore { Conflicts = 5 };
        using var loop = new LoopFixture(store: store);
        Assert.Equal(SubmissionOutcome.Committed, (await loop.TakeAsync(Given.Delivered(1, 1, "a1"))).Outcome);
        Assert.True((await loop.StateAsync("BL-1")).IsDone);
        store.Conflicts = 1000;
        Assert.Equal(SubmissionOutcome.Busy, (await loop.TakeAsync(Given.Opened(Given.Item(2)))).Outcome);
        store.Conflicts = 0;
        Assert.Null(await loop.FindAsync("BL-2"));
    }

    [Fact]
    public async Task A_store_that_is_not_available_answers_busy_and_stores_nothing_half()
    {
        var store = new MoodyStore();
        using var loop = new LoopFixture(store: store);
        store.IsDown = true;
        var result = await loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        Assert.Equal(SubmissionOutcome.Busy, result.Outcome);
        var recorded = await loop.Loop.OpenAsync(new WorkItem("BL-9")).AsTask().ContinueWith(static t => t.IsFaulted || t.Result.IsBusy, TaskScheduler.Default);
        Assert.True(recorded);
        store.IsDown = false;
        Assert.Empty(await loop.ItemsAsync());
        Assert.Empty(await loop.TransitionsAsync());
        Assert.Equal(SubmissionOutcome.Committed, (await loop.TakeAsync(Given.Delivered(1, 1, "a1"))).Outcome);
    }

    [Fact]
    public async Task More_than_the_queue_holds_is_answered_busy_and_nothing_of_it_is_lost_silently()
    {
        var store = new MoodyStore { Gate = new TaskCompletionSource() };
        using var loop = new LoopFixture(l => l.ConfigureIntake(o => o.QueueCapacity = 2), store);
        var first = loop.TakeAsync(Given.Opened(Given.Item(1)));
        await store.Entered.Task;
        var waiting = new[] { loop.TakeAsync(Given.Opened(Given.Item(2))), loop.TakeAsync(Given.Opened(Given.Item(3))) };
        Assert.Equal(SubmissionOutcome.Busy, (await loop.TakeAsync(Given.Opened(Given.Item(4)))).Outcome);
        store.Gate.SetResult();
        Assert.All(await Task.WhenAll([first, .. waiting]), static r => Assert.Equal(SubmissionOutcome.Committed, r.Outcome));
        Assert.Equal(3, (await loop.ItemsAsync()).Count);
    }

    [Fact]
    public async Task A_redelivery_is_counted_and_changes_nothing_and_two_of_one_batch_count_once()
    {
        using var loop = new LoopFixture();
        var delivery = LoopFixture.Submission(Given.Opened(Given.Item(1))) with { DeliveryId = "d-1" };
        var results = await loop.Committer.CommitAsync([delivery, delivery], null, default);
        Assert.Equal([SubmissionOutcome.Committed, SubmissionOutcome.Duplicate], results.Select(static r => r.Outcome));
        await loop.Committer.CommitAsync([delivery], null, default);
        Assert.Equal(2, loop.Metrics.Duplicates);
        Assert.Single(await loop.TransitionsAsync());
        // The same id of another source is another delivery.
        Assert.Equal(SubmissionOutcome.Committed, (await loop.Committer.CommitAsync([delivery with { Source = "other" }], null, default))[0].Outcome);
    }

    [Fact]
    public async Task A_delivery_counts_as_taken_only_once_it_is_durable()
    {
        var store = new MoodyStore { IsDown = true };
        using var loop = new LoopFixture(store: store);
        var delivery = LoopFixture.Submission(Given.Opened(Given.Item(1))) with { DeliveryId = "d-1" };
        var intake = loop.Get<IIntake>();
        Assert.Equal(SubmissionOutcome.Busy, (await intake.SubmitAsync(delivery)).Outcome);
        store.IsDown = false;
        Assert.Equal(SubmissionOutcome.Committed, (await intake.SubmitAsync(delivery)).Outcome);
    }

    [Fact]
    public async Task The_same_delivery_many_times_at_once_is_taken_once()
    {
        using var loop = new LoopFixture();
        var delivery = LoopFixture.Submission(Given.Delivered(1, 1, "a1")) with { DeliveryId = "d-1" };
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await loop.Get<IIntake>().SubmitAsync(delivery))));
        Assert.Single(results, static r => r.Outcome == SubmissionOutcome.Committed);
        Assert.Single(await loop.TransitionsAsync("BL-1"), static t => t.Kind == TransitionKind.Completed);
    }

    [Theory]
    [InlineData(-62135596800L)]
    [InlineData(0L)]
    [InlineData(4102444800L)]
    public async Task A_time_that_cannot_be_is_replaced_flagged_and_stays_what_it_was_replaced_by(long seconds)
    {
        using var loop = new LoopFixture();
        var store = new InMemoryLoopStore();
        var impossible = Given.PrOpen(1, 1, Given.Item(1)) with { OccurredAt = DateTimeOffset.FromUnixTimeSeconds(seconds) };
        foreach (double minute in new[] { 10, 20, 30 })
            await loop.Committer.CommitAsync([LoopFixture.Submission(impossible) with { ReceivedAt = Given.At(minute) }], null, default);
        var fact = (await loop.Store.LoadAsync(new LoadRequest { Subjects = [Given.Pr(1)] }, default)).Facts.Single();
        Assert.Equal((Given.At(10), "clamped"), (fact.OccurredAt, fact.Attribute(FactAttributes.Clock)));
        Assert.Equal(Given.At(10), (await loop.GateAsync("BL-1", Gates.PrOpened)).Since);
    }

    [Fact]
    public async Task Text_is_cut_and_cleaned_and_an_address_that_is_no_web_address_becomes_no_link()
    {
        using var loop = new LoopFixture();
        string pairs = string.Concat(Enumerable.Repeat("\U0001F600", 400));
        await loop.TakeAsync(Given.PrOpen(1, 1, Given.Item(1)) with
        {
            Detail = pairs,
            Evidence = new Evidence(new Uri("javascript:alert(1)"), "nul\0and half\uD83D"),
            Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("a", new string('x', 5000)),
        });
        var fact = (await loop.Store.LoadAsync(new LoadRequest { Subjects = [Given.Pr(1)] }, default)).Facts.Single();
        Assert.Equal(fact, StoredJson.ReadFact(StoredJson.Write(fact)));
        Assert.Null(fact.Evidence!.Url);
        Assert.Equal("nul\uFFFDand half\uFFFD", fact.Evidence.Label);
        Assert.True(fact.Detail!.Length <= FactLimits.DetailCharacters);
        Assert.Equal(FactLimits.AttributeCharacters, fact.Attribute("a")!.Length);
    }

    [Fact]
    public async Task What_was_folded_over_a_batch_that_then_failed_is_folded_again_without_it()
    {
        var store = new MoodyStore { Gate = new TaskCompletionSource() };
        using var loop = new LoopFixture(store: store);
        var first = loop.Committer.CommitAsync([LoopFixture.Submission(Given.Opened(Given.Item(1)))], null, default);
        await store.Entered.Task;
        // About the same item: as long as the first is on its way, what is folded counts on it.
        var second = loop.Committer.CommitAsync([LoopFixture.Submission(Given.PrOpen(1, 0, Given.Item(1)))], null, default);
        store.FailsAfterGate = true;
        store.Gate.SetResult();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => first.AsTask());
        Assert.Equal(SubmissionOutcome.Committed, (await second)[0].Outcome);
        Assert.Equal(1, Assert.Single(await loop.ItemsAsync()).Version);
    }

    [Fact]
    public async Task A_delivery_that_is_being_stored_is_known_to_the_next_batch()
    {
        var store = new MoodyStore { Gate = new TaskCompletionSource() };
        using var loop = new LoopFixture(store: store);
        var delivery = LoopFixture.Submission(Given.Opened(Given.Item(1))) with { DeliveryId = "1" };
        var first = loop.Committer.CommitAsync([delivery], null, default);
        await store.Entered.Task;
        var again = loop.Committer.CommitAsync([delivery], null, default);
        store.Gate.SetResult();
        Assert.Equal(SubmissionOutcome.Committed, (await first)[0].Outcome);
        Assert.Equal(SubmissionOutcome.Duplicate, (await again)[0].Outcome);
    }

    private sealed class MoodyStore() : StoreDecorator(new InMemoryLoopStore())
    {
        public string? Poison { get; set; }

        public int Conflicts { get; set; }

        public bool IsDown { get; set; }

        public bool FailsAfterGate { get; set; }

        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource Entered { get; } = new();

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (IsDown) throw new StoreUnavailableException("the disk is full");
            if (Poison is { } poison && commit.Items.Any(i => i.State.Id == poison)) throw new ArgumentException("this content cannot be stored");
            if (commit.Registers.Count > 0 && Conflicts-- > 0) return new CommitResult(CommitOutcome.Conflict);
            if (Gate is { } gate && commit.Registers.Count > 0)
            {
                bool isFirst = Entered.TrySetResult();
                await gate.Task;
                if (isFirst && FailsAfterGate) throw new StoreUnavailableException("the disk is full");
            }
            return await base.CommitAsync(commit, cancellationToken);
        }
    }
}
