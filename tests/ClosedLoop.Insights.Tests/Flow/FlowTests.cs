using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Insights.Tests.Support;
using ClosedLoop.Migration;

namespace ClosedLoop.Insights.Tests.Flow;

public sealed class FlowTests
{
    private const double Week = 7 * 24 * 60;

    [Fact]
    public async Task Before_the_first_round_nothing_is_known_and_nothing_is_zero()
    {
        using var system = new FlowFixture();

        var report = await system.System.Get<IFlow>().ReportAsync();

        Assert.True(report.IsCatchingUp);
        Assert.Null(report.AsOf);
        Assert.Empty(report.Pipelines);
    }

    [Fact]
    public async Task Of_an_empty_record_no_figure_is_made_up()
    {
        using var system = new FlowFixture();

        var flow = Assert.Single((await system.ReportAsync()).Pipelines);

        Assert.Empty(flow.Weeks);
        Assert.Empty(flow.Marks);
        Assert.Null(flow.LeadTime.P50.Value);
        Assert.True(flow.LeadTime.P50.IsLowSample);
        Assert.Equal((null, null, null, null), (flow.Throughput.LastWeek, flow.Throughput.Sustained, flow.Throughput.IsMet, flow.Balance.IsDegrading));
        Assert.Equal(7, flow.Gates.Count);
    }

    [Fact]
    public async Task An_item_that_is_done_is_counted_in_its_week_with_its_time_at_each_gate()
    {
        using var system = new FlowFixture();
        await system.TakeAsync(Given.Delivered(1, 1, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));

        var flow = Assert.Single((await system.ReportAtAsync(60)).Pipelines);

        var week = Assert.Single(flow.Weeks);
        Assert.Equal(new IsoWeek(2026, 2), week.Week);
        Assert.Equal((1, 1, 1, 1, 1, 0, false), (week.Opened, week.Declared, week.Merged, week.Done, week.StillDone, week.WorkInProgress, week.IsComplete));
        Assert.Equal(TimeSpan.FromMinutes(5), flow.LeadTime.P50.Value);
        Assert.Equal([1, 1, 1, 2], flow.Gates.Take(4).Select(static g => g.Time.P50.Value!.Value.TotalMinutes));
        // The image is awaited since main was green, and nothing of it is work in progress.
        Assert.Equal((true, 1), (flow.Gates[4].IsAfterDone, flow.Gates[4].Waiting));
        Assert.Equal(0, flow.WorkInProgress);
        Assert.Equal("B", flow.DoneDefinition);
        Assert.Equal(FlowMarkKind.TrackingBegan, Assert.Single(flow.Marks).Kind);
    }

    [Fact]
    public async Task Merged_and_not_done_is_seen_with_its_age()
    {
        using var system = new FlowFixture();
        await system.TakeAsync(Given.Opened(Given.Item(1)), Given.PrOpen(1, 1, Given.Item(1)), Given.Merged(1, 30, Given.Item(1)));

        var report = await system.ReportAtAsync(90);

        var flow = report.Pipelines[0];
        Assert.Equal((1, 1), (flow.WorkInProgress, flow.MergedNotDone));
        Assert.Equal(report.At - Given.At(30), flow.MergedNotDoneAge.Maximum);
        var ci = flow.Gates.Single(static g => g.Gate == Gates.MainCi);
        Assert.Equal((1, 1, report.At - Given.At(30)), (ci.Waiting, ci.Time.Censored, ci.Age.P50.Value));
        // Nobody reviewed it: the wait for it ended without a review, and is in no percentile.
        var review = flow.Gates.Single(static g => g.Gate == Gates.Reviewed);
        Assert.Equal((0, 1), (review.Time.Count, review.Time.Excluded["passed-over"]));
        Assert.Equal((1, 0, 1), (flow.Weeks[0].Declared, flow.Weeks[0].Done, flow.Weeks[0].Overdeclared));
    }

    [Fact]
    public async Task What_was_done_and_failed_later_stays_counted_once_and_is_shown_as_not_done_any_more()
    {
        using var system = new FlowFixture();
        string sha = new('a', 40);
        await system.TakeAsync(Given.Delivered(1, 1, sha));
        await system.ReportAtAsync(Week + 20);
        // The same build, run again.
        await system.TakeAsync(Given.Built(5, GateStatus.Failed, Week + 20, sha) with { Ordinal = new Ordinal(5, 1, 2) });

        var flow = (await system.ReportAtAsync(Week + 60)).Pipelines[0];

        Assert.Equal(2, flow.Weeks.Count);
        Assert.Equal((1, 0, 0), (flow.Weeks[0].Done, flow.Weeks[0].StillDone, flow.Weeks[0].WorkInProgress));
        Assert.Equal((0, 1, 1), (flow.Weeks[1].Done, flow.Weeks[1].Reopened, flow.Weeks[1].WorkInProgress));
    }

    [Fact]
    public async Task Migrated_items_are_in_no_count_and_make_a_mark()
    {
        using var system = new FlowFixture();
        var migration = system.System.Get<ILoopMigration>();
        await migration.BackdateAsync([Old("OLD-1", -9_000), Old("OLD-2", -9_000)]);
        await migration.CliffAsync([Old("OLD-3", null)]);
        await system.TakeAsync(Given.Delivered(1, 1, new string('a', 40), 10));

        var flow = (await system.ReportAtAsync(60)).Pipelines[0];

        Assert.Equal((3, 1, 1, 0), (flow.Migrated, flow.LeadTime.Count, flow.Weeks.Sum(static w => w.Done), flow.WorkInProgress));
        Assert.Equal(3, flow.Marks.Single(static m => m.Kind == FlowMarkKind.Migrated).Items);
    }

    [Fact]
    public async Task A_rollout_that_carries_many_is_one_deployment_and_a_rollback_makes_it_one_that_failed()
    {
        using var system = new FlowFixture();
        string first = new('a', 40), second = new('b', 40);
        await system.TakeAsync([.. Given.Delivered(1, 1, first), .. Given.Delivered(2, 2, second, 10)]);
        await system.TakeAsync(Given.ImageBuilt("11", 20, Given.Commit(first)), Given.ImageBuilt("22", 20, Given.Commit(second)));
        await system.TakeAsync(Given.Runs("production", "11", 30));
        await system.TakeAsync(Given.HealthOf("production", "11", GateStatus.Passed, 31));
        await system.TakeAsync(Given.Runs("production", "22", 60));
        await system.TakeAsync(Given.HealthOf("production", "22", GateStatus.Failed, 65));
        await system.TakeAsync(Given.HealthOf("production", "22", GateStatus.Passed, 95));

        var environment = Assert.Single((await system.ReportAtAsync(120)).Environments);

        Assert.Equal(("production/web", 2), (environment.Environment, environment.Deployments));
        Assert.Equal(new Ratio(1, 2), environment.ChangeFailRate);
        Assert.Equal(TimeSpan.FromMinutes(35), environment.RecoveryTime.P50.Value);
        Assert.Equal(new DeploymentDay(new DateOnly(2026, 1, 5), 2, 1, 1), Assert.Single(environment.Days));
        Assert.Null(environment.FailingSince);
    }

    [Fact]
    public async Task Throughput_is_sustained_only_after_four_full_weeks_and_is_the_least_of_them()
    {
        using var system = new FlowFixture(insights: static o => o.TargetMergesPerWeek = 2);
        int item = 0;
        // The record begins on a Monday at nine, so its first week is not a full one.
        for (int week = 0; week < 6; week++)
        {
            for (int i = 0; i < (week == 3 ? 1 : 3); i++)
            {
                item++;
                await system.TakeAsync(Given.Delivered(item, item, $"{item:x8}{new string('a', 32)}", (week * Week) + (i * 10)));
            }
            var flow = (await system.ReportAtAsync(((week + 1) * Week) - 60)).Pipelines[0];
            if (week < 4) Assert.Null(flow.Throughput.IsMet);
        }

        var throughput = (await system.ReportAtAsync(6 * Week)).Pipelines[0].Throughput;

        Assert.Equal((4, 3, 1, 1, false), (throughput.FullWeeks, throughput.LastWeek, throughput.Sustained, throughput.SustainedDone, throughput.IsMet));
    }

    [Fact]
    public async Task A_week_s_work_in_progress_is_the_one_before_plus_what_came_in_less_what_left()
    {
        using var system = new FlowFixture();
        for (int seed = 1; seed < 30; seed++)
            foreach (var fact in Histories.Make(seed).Facts)
                await system.TakeAsync(fact with { OccurredAt = fact.OccurredAt.AddDays(seed) });

        var flow = (await system.ReportAtAsync(40 * 24 * 60)).Pipelines[0];

        int before = 0;
        foreach (var week in flow.Weeks)
        {
            before += week.Opened + week.Reopened + week.Resumed - week.Done - week.DoneAgain - week.Abandoned;
            Assert.Equal(before, week.WorkInProgress);
        }
        Assert.Equal(flow.WorkInProgress, before);
        int open = (await system.System.ItemsAsync()).Count(static i => !i.State.IsDone && !i.State.Abandoned);
        Assert.Equal(open, flow.WorkInProgress);
        Assert.True(flow.Weeks.Count > 3);
    }

    private static MigratedItem Old(string id, double? completed) => new(id, Given.At(-10_000)) { CompletedAt = completed is { } minute ? Given.At(minute) : null };
}
