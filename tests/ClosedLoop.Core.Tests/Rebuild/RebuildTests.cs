using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Rebuild;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Core.Tests.Rebuild;

/// <summary>The record follows from facts and commits, so it can be made again from them.</summary>
public sealed class RebuildTests
{
    [Fact]
    public void A_sound_record_is_the_same_after_a_rebuild_byte_for_byte_index_and_all() =>
        PropertyCheck.Holds(DeliveryHistory.Arbitrary(), static history => CheckAsync(history).GetAwaiter().GetResult(), 150, 1);

    [Fact]
    public void So_is_one_of_which_a_part_was_never_heard_and_the_rest_in_another_order() =>
        PropertyCheck.Holds(DeliveryHistory.Arbitrary(), static history => CheckAsync(history, isPart: true).GetAwaiter().GetResult(), 150, 3);

    [Fact]
    public void What_was_lost_of_states_and_coverage_comes_back() =>
        PropertyCheck.Holds(DeliveryHistory.Arbitrary(), static history => CheckAsync(history, DamageAsync).GetAwaiter().GetResult(), 50, 2);

    [Fact]
    public async Task A_rebuild_that_was_cut_off_is_done_again_before_anything_else()
    {
        var store = new CutStore();
        await FeedAsync(store);
        string before = await DumpAsync(store);
        store.CommitsLeft = 3;
        using (var loop = new LoopFixture(store: store)) await Assert.ThrowsAsync<StoreUnavailableException>(() => loop.Get<ILoopRebuild>().RebuildAsync().AsTask());
        store.CommitsLeft = int.MaxValue;
        Assert.NotEqual(before, await DumpAsync(store));
        using var restarted = new LoopFixture(store: store);
        await restarted.Engine.StartAsync(default);
        Assert.Equal(before, await DumpAsync(store));
    }

    [Fact]
    public async Task A_rebuild_while_another_node_writes_says_so()
    {
        var store = new CutStore();
        await FeedAsync(store);
        store.Conflicts = true;
        using var loop = new LoopFixture(store: store);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => loop.Get<ILoopRebuild>().RebuildAsync().AsTask());
        Assert.Contains("Stop all other nodes", error.Message, StringComparison.Ordinal);
    }

    private static async Task FeedAsync(ILoopStore store)
    {
        using var loop = new LoopFixture(store: store);
        for (int i = 1; i <= 3; i++)
            await loop.TakeAsync(Given.Opened(Given.Item(i)), Given.PrOpen(i, 1, Given.Item(i)), Given.Merged(i, 2), Given.Landed(Sha(i), i, 2), Given.Built(i, GateStatus.Passed, 5, Sha(i)));

        static string Sha(int i) => new((char)('0' + i), 40);
    }

    private static async Task CheckAsync(DeliveryHistory history, Func<InMemoryLoopStore, int, Task>? damage = null, bool isPart = false)
    {
        var pipeline = history.Shape.Pipeline();
        var happened = history.Play().Happenings;
        var heard = isPart ? EngineRun.Part(happened.Count, new Random(history.Seed)).Select(i => happened[i]) : happened;
        var store = new InMemoryLoopStore();
        using (var loop = new LoopFixture(l => l.Services.AddSingleton(pipeline), store))
        {
            loop.Time.AdvanceTo(happened[^1].At);
            foreach (var part in heard.Select(HappeningFacts.Report).Chunk(5)) await loop.Committer.CommitAsync([EngineRun.Submission(part)], null, default);
            await loop.Engine.RunDueAsync(default);
        }
        await store.CommitAsync(new StoreCommit { At = happened[^1].At, Documents = [new DocumentChange("incidents/open/red", "{}", 0)] }, default);
        string before = await DumpAsync(store);
        if (damage is not null) await damage(store, history.Seed);
        using var again = new LoopFixture(l => l.Services.AddSingleton(pipeline), store);
        again.Time.AdvanceTo(happened[^1].At);
        var report = await again.Get<ILoopRebuild>().RebuildAsync();
        Assert.Equal(before, await DumpAsync(store));
        if (damage is null) Assert.Equal(0, report.ChangedItems);
    }

    // Rows of the index that follow from facts are lost, others are false, and states are not what the facts say.
    private static async Task DamageAsync(InMemoryLoopStore store, int seed)
    {
        var random = new Random(seed);
        var rows = (await store.ScanAsync([new IndexRange("", "\uffff")], default))[0];
        IndexChange[] damage = [.. rows.Where(r => !"nscmw".Contains(r.Key[0], StringComparison.Ordinal) && random.Next(3) == 0).Select(r => new IndexChange(r.Key, null)), new("x\tpr:acme/web#999\tacme/web\tcafe", "")];
        var items = (await store.QueryItemsAsync(new ItemQuery { Limit = 500 }, default)).Items;
        ItemRecord[] wrong = [.. items.Where(_ => random.Next(2) == 0).Select(static r => r with { Version = r.Version + 1, State = r.State with { CurrentGate = "healthy", IsDone = true } })];
        await store.CommitAsync(new StoreCommit { At = Given.At(1), Index = damage, Items = wrong }, default);
    }

    private static async Task<string> DumpAsync(ILoopStore store)
    {
        var items = (await store.QueryItemsAsync(new ItemQuery { Limit = 500 }, default)).Items.OrderBy(static r => r.State.Id, StringComparer.Ordinal).Select(static r => StoredJson.Write(r.State));
        var rows = (await store.ScanAsync([new IndexRange("", "\uffff")], default))[0].Select(static r => $"{r.Key}={r.Value}");
        var documents = (await store.ReadDocumentsAsync(new DocumentQuery { Prefix = "incidents/" }, default)).Select(static d => $"{d}");
        return string.Join('\n', items.Concat(rows).Concat(documents));
    }

    private sealed class CutStore() : StoreDecorator(new InMemoryLoopStore())
    {
        public int CommitsLeft { get; set; } = int.MaxValue;

        public bool Conflicts { get; set; }

        public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (CommitsLeft-- <= 0) throw new StoreUnavailableException("the process ends here");
            return Conflicts && commit is { Token: not null, Index.Count: > 0 } ? new(new CommitResult(CommitOutcome.Conflict)) : base.CommitAsync(commit, cancellationToken);
        }
    }
}
