using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>History that becomes known in pieces, in an order that is not its own.</summary>
public sealed class JoinedHistoryTests
{
    [Fact]
    public async Task One_delivery_of_commits_can_close_several_gaps_at_once()
    {
        var story = new DeliveryStory().Commit(5, 4).Commit(6, 5).Commit(7, 6).Commit(3, 2);
        story.Tell(story.Node(4, 3), story.Node(2));
        story.Land(1, 2).Build(7, GateStatus.Passed);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.MainCi)).Status);
    }

    [Fact]
    public async Task When_a_gap_closes_what_passed_below_it_may_have_been_released_sooner_from_above()
    {
        var story = new DeliveryStory();
        var (sooner, later) = (story.Next(), story.Next());
        story.Commit(1).Commit(4, 3).Commit(2, 1).Land(1, 1).Build(2, GateStatus.Passed, later).Build(4, GateStatus.Passed, sooner);
        Assert.Equal(later, (await story.GateAsync(1, Gates.MainCi)).Since);
        story.Commit(3, 2);
        Assert.Equal(sooner, (await story.GateAsync(1, Gates.MainCi)).Since);
    }

    [Theory]
    [InlineData(GateStatus.Passed)]
    [InlineData(GateStatus.Failed)]
    public async Task When_a_gap_closes_what_runs_above_it_counts_for_what_landed_below(GateStatus check)
    {
        var story = new DeliveryStory().Commit(1).Head(1).Commit(2, 1).Head(2).Land(1, 2).Build(2, GateStatus.Passed);
        story.RollOut("web", GateStatus.Passed, 1).Check("web", GateStatus.Passed, 1);
        // Nobody told of commit 3.
        story.Commit(4, 3).Head(4).RollOut("web", GateStatus.Passed, 4).Check("web", check, 4);
        Assert.Equal(GateStatus.Waiting, (await story.GateAsync(1, Gates.RolledOut)).Status);
        story.Commit(3, 2);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.RolledOut)).Status);
        Assert.Equal(check, (await story.GateAsync(1, Gates.Healthy)).Status);
    }

    [Fact]
    public async Task When_a_gap_closes_a_revert_above_it_takes_away_what_landed_below()
    {
        var story = new DeliveryStory().Commit(1).Head(1).Commit(2, 1).Head(2).Land(1, 2);
        story.Commit(5, 4).Head(5).Revert(5, 2);
        story.Commit(4, 3).Commit(3, 2);
        Assert.Equal(GateStatus.Failed, (await story.GateAsync(1, Gates.Merged)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gap_near_the_end_of_a_line_costs_as_much_after_four_hundred_changes_as_after_forty(bool isLong)
    {
        int changes = isLong ? 400 : 40;
        var story = new DeliveryStory().Commit(1).Head(1);
        for (int n = 2; n <= changes; n++) story.Commit(n, n - 1).Head(n).Land(n, n).Build(n, GateStatus.Passed);
        // Of the next commit nobody tells; what comes after it has a line of its own until then.
        int missing = changes + 1, last = changes + 2;
        story.Commit(last, missing).Head(last).Land(last, last).Build(last, GateStatus.Passed);
        int before = story.Told.Count;
        story.Commit(missing, changes);
        var store = new InMemoryLoopStore();
        using (var first = new LoopFixture(store: store)) await TakeAsync(first, story.Told.Take(before));
        // A process that has read nothing yet: what it folds it has to load.
        var counting = new CountingStore(store);
        using var second = new LoopFixture(store: counting);
        await TakeAsync(second, story.Told.Skip(before));
        Assert.InRange(counting.Items, 1, 8);
    }

    private static async Task TakeAsync(LoopFixture loop, IEnumerable<IReadOnlyList<Happening>> told)
    {
        foreach (var together in told) await loop.Committer.CommitAsync([EngineRun.Submission([.. together.Select(HappeningFacts.Report)])], null, default);
    }

    private sealed class CountingStore(ILoopStore inner) : StoreDecorator(inner)
    {
        public int Items { get; private set; }

        public override async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
        {
            var loaded = await base.LoadAsync(request, cancellationToken);
            Items += loaded.Items.Count;
            return loaded;
        }
    }
}
