using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;
using ClosedLoop.Migration;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Tests.Records;

public sealed class RecordReaderTests
{
    private static readonly string Sha = new('a', 40);

    [Fact]
    public async Task What_the_record_holds_becomes_a_change_with_its_times_and_what_it_does_not_hold_is_asked_for()
    {
        using var system = new LoopFixture();
        await system.TakeAsync([.. Given.Delivered(1, 1, Sha)]);
        await system.TakeAsync(Given.ImageBuilt("11", 20, Given.Commit(Sha)), Given.Runs("production", "11", 30));
        await system.TakeAsync(Given.Opened(Given.Item(2), 3));
        await system.Get<ILoopMigration>().CliffAsync([new MigratedItem("OLD-1", Given.At(-500))]);

        var work = await new RecordReader(system.Get<ILoopQueries>(), new Authored()).ReadAsync(new ItemQuery());

        var change = Assert.Single(work.Changes);
        Assert.Equal((Given.Pr(1).ToString(), Given.At(1), Given.At(3), Given.At(-60)), (change.Id, change.CreatedAt, change.MergedAt, change.FirstCommitAt));
        Assert.Equal(Given.At(2), Assert.Single(change.Comments).At);
        var lead = work.LeadTime();
        Assert.Equal((1, 1, 1, TimeSpan.FromMinutes(5)), (lead.Count, lead.Censored, lead.Excluded["migrated"], lead.P50.Value));
        var parts = CycleTimeParts.Of(change, new Dictionary<string, DeploymentRecord>())!;
        Assert.Equal((61, 1, 1, null), (parts.Coding!.Value.TotalMinutes, parts.Pickup!.Value.TotalMinutes, parts.Review!.Value.TotalMinutes, parts.Deploy));
    }

    [Fact]
    public async Task A_limit_is_kept_and_told()
    {
        using var system = new LoopFixture();
        await system.TakeAsync(Enumerable.Range(1, 5).Select(static i => Given.Opened(Given.Item(i))));

        var work = await new RecordReader(system.Get<ILoopQueries>()).ReadAsync(new ItemQuery(), limit: 3);

        Assert.Equal((3, true), (work.Items.Count, work.IsTruncated));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new RecordReader(system.Get<ILoopQueries>()).ReadAsync(new ItemQuery(), limit: 0));
    }

    private sealed class Authored : IFirstCommits
    {
        public ValueTask<DateTimeOffset?> FirstCommitAtAsync(Key change, CancellationToken cancellationToken) => new(change == Given.Pr(1) ? Given.At(-60) : null);
    }
}
