using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>What runs now, while it changes, after it went back, and when it must not come again.</summary>
public sealed class RolloutTests : Situation
{
    // Shopify/shipit-engine#458, kubectl#1284
    [Fact]
    public async Task Old_and_new_pods_that_serve_together_are_partial_and_nothing_flips_to_and_fro()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-a", at: 5);
        for (int i = 0; i < 4; i++)
        {
            await Production.RollsAsync(10 + i, i % 2 == 0 ? ["i-a", "i-b"] : ["i-b", "i-a"]);
            var mixed = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Running, Reason.Partial);
            Assert.Equal("1 of 2 versions that serve at production/web contain it", mixed.Detail);
        }
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
        await Production.RunsAsync("i-b", at: 20);

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 20, CoverageRelation.Exact);
        Assert.Equal([(GateStatus.Running, Reason.Partial), (GateStatus.Passed, Reason.Exact)], await World.PathAsync(2, Gates.RolledOut));
        Assert.Equal([(GateStatus.Passed, Reason.Exact)], await World.PathAsync(1, Gates.RolledOut));
    }

    [Fact]
    public async Task A_rollout_that_begins_shows_as_running_and_one_that_fails_as_failed_and_what_ran_before_stays()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-a", at: 5);
        await Production.RollsAsync(10, "i-b");
        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Running, since: 10);
        await Production.RolloutAsync(GateStatus.Failed, 12, "i-b");

        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Failed, since: 12);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
    }

    // catalyst#997, #3235
    [Fact]
    public async Task An_environment_that_does_not_exist_is_an_alert_at_once_and_never_a_pass()
    {
        await TwoVersionsAsync();
        await World.Target("prodution").RolloutAsync(GateStatus.Waiting, 5, "i-b");
        await World.TellAsync(6, World.Target("prodution").Rollout(GateStatus.Waiting, 6, "i-b") with { Reason = Reason.Misconfigured, Detail = "there is no environment 'prodution'" });
        await World.WaitAsync(untilMinute: 6.5);

        var gate = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting, Reason.Misconfigured, since: 6);
        Assert.False(gate.Holds);
        var alert = Assert.Single(await World.Loop.TransitionsAsync("BL-2"), static t => t is { Kind: TransitionKind.Overdue, Gate: Gates.RolledOut });
        Assert.Contains("cannot pass as configured; there is no environment 'prodution'", alert.Detail, StringComparison.Ordinal);
    }

    // Lucky#1892: rolled back by itself, and nobody knew for four days
    [Fact]
    public async Task A_rollback_un_ships_what_it_took_away_and_alerts_once_with_what_runs_instead()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-a", at: 5);
        await Production.RunsAsync("i-b", at: 10);
        await Production.HealthyAsync("i-b", at: 12);
        Assert.True((await World.ItemAsync(2)).IsDone);
        await Production.RunsAsync("i-a", at: 60);
        await World.WaitAsync(untilMinute: 65);

        var gone = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Failed, Reason.Regressed, since: 60);
        Assert.Equal($"production/web went back to {LineWorld.Short("a")}, which does not contain it", gone.Detail);
        Assert.False((await World.ItemAsync(2)).IsDone);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
        Assert.True((await World.ItemAsync(1)).IsDone);
        await World.WaitAsync(untilMinute: 300);
        var alert = Assert.Single(await World.Loop.TransitionsAsync("BL-2"), static t => t is { Kind: TransitionKind.Overdue, Gate: Gates.RolledOut });
        Assert.Contains("rolled-out failed and is not green again", alert.Detail, StringComparison.Ordinal);
        Assert.Contains($"went back to {LineWorld.Short("a")}", alert.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(await World.Loop.TransitionsAsync("BL-1"), static t => t.Kind == TransitionKind.Overdue && t.Gate == Gates.RolledOut);
    }

    [Fact]
    public async Task A_rollback_from_b_to_a_takes_away_exactly_what_lies_between()
    {
        for (int i = 1; i <= 6; i++)
        {
            await Web.LandAsync(i, $"c{i}", at: i);
            await Web.ImageAsync($"i{i}", at: i, $"c{i}");
        }
        await Production.RunsAsync("i2", at: 10);
        await Production.RunsAsync("i5", at: 20);
        await Production.RunsAsync("i2", at: 30);

        for (int i = 1; i <= 6; i++)
        {
            var (status, reason) = i <= 2 ? (GateStatus.Passed, i == 2 ? Reason.Exact : Reason.CoveredBy) : i <= 5 ? (GateStatus.Failed, Reason.Regressed) : (GateStatus.Waiting, Reason.None);
            await World.ExpectAsync(i, Gates.RolledOut, status, reason);
        }
        await Production.RunsAsync("i5", at: 40);
        await World.ExpectPassedAsync(3, Gates.RolledOut, "c5", since: 40);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "c2", since: 10);
        Assert.Equal([GateStatus.Passed, GateStatus.Failed, GateStatus.Passed], (await World.PathAsync(4, Gates.RolledOut)).Select(static p => p.Status));
    }

    // Argo Rollouts FAQ: a rollback changes the cluster, not git
    [Fact]
    public async Task What_git_says_is_synced_while_the_cluster_runs_the_old_image_is_not_shipped()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-a", at: 5);
        await Production.RunsAsync("i-b", at: 10);
        await World.TellAsync(20, Production.Rollout(GateStatus.Passed, 20, "i-a") with { Detail = "Synced, Degraded", Attributes = TestRepository.Attributes(("synced", LineWorld.Sha("b"))) });

        await World.ExpectAsync(2, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Failed, Reason.Regressed, since: 20);
    }

    // kargo#3016
    [Fact]
    public async Task A_bad_version_that_automation_promotes_again_is_not_live_until_a_newer_one_runs()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-a", at: 5);
        await Production.RunsAsync("i-b", at: 10);
        await Production.RunsAsync("i-a", at: 20);
        await Web.VetoAsync("i-b", at: 21);
        await Production.RunsAsync("i-b", at: 30);

        var vetoed = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Failed, Reason.Vetoed, since: 30);
        Assert.Equal($"production/web runs {LineWorld.Short("b")}, which was marked bad", vetoed.Detail);
        Assert.Contains($"rolled-out: vetoed since 09:30 (deployer:argo); production/web runs {LineWorld.Short("b")}, which was marked bad", await World.WhyAsync(2), StringComparison.Ordinal);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);

        await Web.LandAsync(3, "c", at: 35);
        await Web.ImageAsync("i-c", at: 36, "c");
        await Production.RunsAsync("i-c", at: 40);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "c", since: 40);
        await World.ExpectPassedAsync(3, Gates.RolledOut, "c", since: 40, CoverageRelation.Exact);
    }

    // kargo#3016
    [Fact]
    public async Task A_bad_version_that_is_released_counts_from_when_it_ran()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-a", at: 5);
        await Production.RunsAsync("i-b", at: 10);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 10, CoverageRelation.Exact);
        await Web.VetoAsync("i-b", at: 20);
        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Failed, Reason.Vetoed);
        await Web.ReleaseAsync("i-b", at: 30);

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 10, CoverageRelation.Exact);
        Assert.Equal([(GateStatus.Passed, Reason.Exact), (GateStatus.Failed, Reason.Vetoed), (GateStatus.Passed, Reason.Exact)], await World.PathAsync(2, Gates.RolledOut));
    }

    [Fact]
    public async Task A_target_that_is_gone_asks_for_nothing_any_more()
    {
        await TwoVersionsAsync();
        await Production.RunsAsync("i-b", at: 5);
        await World.Target(name: "worker").RunsAsync("i-a", at: 6);
        await World.Target(name: "worker").HealthyAsync("i-a", at: 7);
        await Production.HealthyAsync("i-b", at: 8);
        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting, Reason.Partial);
        await World.TellAsync(9, World.Target(name: "worker").Rollout(GateStatus.NotApplicable, 9) with { Attributes = TestRepository.Attributes((FactAttributes.Repository, "acme/web")) });

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 5, CoverageRelation.Exact);
        // Nor does its monitor, which saw a version without the change and will see no other.
        await World.ExpectPassedAsync(2, Gates.Healthy, "b", since: 8, CoverageRelation.Exact);
    }

    // Two changes, built green, each with its image.
    private async Task TwoVersionsAsync()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.PassAsync("b", at: 3);
        await Web.ImageAsync("i-a", at: 4, "a");
        await Web.ImageAsync("i-b", at: 4, "b");
    }
}
