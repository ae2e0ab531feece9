using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Insights;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Timelines;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Tests.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>What is measured from the record of a whole world is what is measured from how the world really was.</summary>
public sealed class FlowAgainstTruthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_flow_that_the_record_shows_is_that_of_the_world(int seed)
    {
        using var world = new DrivenSystem(new SandboxOptions { Seed = seed, GenerateFor = TimeSpan.FromSeconds(14), ItemsPerSecond = 2, RollbackEvery = TimeSpan.FromSeconds(20), RevertEvery = TimeSpan.FromSeconds(6), BreakRate = 0.08 });
        await world.PlayAsync(TimeSpan.FromSeconds(5));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(world.World.Time);
        services.AddClosedLoop(loop => loop.UseStore(_ => world.Store).AddInsights());
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<LoopEngine>();
        var flow = provider.GetRequiredService<IFlow>();
        do
        {
            await engine.RunDueAsync(default);
            world.World.Time.Advance(TimeSpan.FromSeconds(5));
        }
        while ((await flow.ReportAsync()).IsCatchingUp);

        var pipeline = (await flow.ReportAsync()).Pipelines[0];

        var truth = world.World.Truth.Changes.GroupBy(static c => c.ItemId, StringComparer.Ordinal).Select(static g => Life([.. g])).ToList();
        Assert.Equal(truth.Count(static t => t.WasMerged), pipeline.Weeks.Sum(static w => w.Merged));
        Assert.Equal(truth.Count(static t => t.IsDone), pipeline.Weeks.Sum(static w => w.StillDone));
        Assert.Equal(truth.Count(static t => t is { IsMerged: true, IsDone: false }), pipeline.MergedNotDone);
        Assert.True(truth.Count > 20 && pipeline.Weeks.Sum(static w => w.Reopened) > 0, $"{truth.Count} items");

        // Item by item: merged when it was merged, within the precision in which the sources tell time.
        var work = await new RecordReader(provider.GetRequiredService<ILoopQueries>()).ReadAsync(new ItemQuery());
        var byId = work.Items.ToDictionary(static i => i.State.Id, StringComparer.Ordinal);
        foreach (var item in truth.Where(static t => t.WasMerged))
        {
            var recorded = byId[item.Id].Timeline.MergedAt;
            Assert.True(recorded is { } at && (at - item.MergedAt).Duration() <= TimeSpan.FromSeconds(2), $"{item.Id}: {recorded:O} for {item.MergedAt:O}");
        }
        var visits = work.Items.SelectMany(static i => i.Timeline.Visits).Where(static v => v.IsOpen).ToList();
        var now = world.World.Time.GetUtcNow();
        Assert.Equal(Residence.Sum(visits, now.AddHours(-1), now), Residence.Area(visits, now.AddHours(-1), now));
        Assert.Equal(work.Items.Count(static i => i.Timeline.IsOpen), pipeline.WorkInProgress);
    }

    private static (string Id, bool WasMerged, bool IsMerged, bool IsDone, DateTimeOffset MergedAt) Life(TruthChange[] changes)
    {
        bool merged = false, green = false;
        DateTimeOffset? first = null;
        foreach (var change in changes)
        {
            if (change.Gate == Gates.Merged) merged = change.Status == GateStatus.Passed;
            if (change.Gate == Gates.MainCi) green = change.Status == GateStatus.Passed;
            if (merged) first ??= change.At;
        }
        return (changes[0].ItemId, first is not null, merged, merged && green, first ?? default);
    }
}
