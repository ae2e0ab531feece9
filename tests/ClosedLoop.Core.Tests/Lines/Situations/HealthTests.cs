using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Health of what runs: of the version, after its rollout, for long enough.</summary>
public sealed class HealthTests : Situation
{
    // argo-cd#4669, kargo#2196, argo-rollouts#771, argocd-commenter#1087
    [Fact]
    public async Task Health_that_still_shows_the_old_revision_right_after_the_rollout_does_not_count()
    {
        await DeployAsync(1, "a", at: 1);
        await Production.HealthyAsync("i-a", at: 3);
        await DeployAsync(2, "b", at: 10);
        await Production.HealthyAsync("i-b", at: 10.5);
        await Production.HealthyAsync("i-a", at: 12.1);
        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Passed, Reason.Exact, since: 3);
        await World.ExpectAsync(2, Gates.Healthy, GateStatus.Waiting);

        await Production.HealthyAsync("i-b", at: 14);
        await World.ExpectPassedAsync(2, Gates.Healthy, "b", since: 14, CoverageRelation.Exact);
    }

    // kargo#5108, argo-cd#19847
    [Fact]
    public async Task A_dip_while_pods_are_replaced_neither_takes_the_verification_away_nor_makes_a_second_one()
    {
        await DeployAsync(1, "a", at: 1);
        await Production.HealthyAsync("i-a", at: 4);
        await Production.CheckAsync(GateStatus.Failed, "i-a", at: 60);
        await World.ExpectPassedAsync(1, Gates.Healthy, "a", since: 4, CoverageRelation.Exact);
        await Production.CheckAsync(GateStatus.Running, "i-a", at: 61);
        await Production.HealthyAsync("i-a", at: 62);

        await World.ExpectPassedAsync(1, Gates.Healthy, "a", since: 4, CoverageRelation.Exact);
        Assert.Equal([(GateStatus.Passed, Reason.Exact)], await World.PathAsync(1, Gates.Healthy));
    }

    [Fact]
    public async Task A_version_that_turns_out_bad_is_not_verified_any_more_until_the_check_says_otherwise()
    {
        await DeployAsync(1, "a", at: 1);
        await Production.HealthyAsync("i-a", at: 4);
        await Production.CheckAsync(GateStatus.Failed, "i-a", at: 60, Reason.Regressed);
        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Failed, Reason.Regressed, since: 60);
        await Production.HealthyAsync("i-a", at: 70);

        await World.ExpectPassedAsync(1, Gates.Healthy, "a", since: 70, CoverageRelation.Exact);
        Assert.Equal([(GateStatus.Passed, Reason.Exact), (GateStatus.Failed, Reason.Regressed), (GateStatus.Passed, Reason.Exact)], await World.PathAsync(1, Gates.Healthy));
    }

    // kayenta#377, spinnaker#5622, pipecd#3661; against them flagger#1098
    [Fact]
    public async Task A_check_without_traffic_is_inconclusive_and_no_pass()
    {
        await DeployAsync(1, "a", at: 1);
        await Production.CheckAsync(GateStatus.Waiting, "i-a", at: 5, Reason.Inconclusive);

        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Waiting, Reason.Inconclusive, since: 5);
        Assert.StartsWith("healthy: waiting, inconclusive since 09:05 (health:probe)", await World.WhyAsync(1), StringComparison.Ordinal);
        await Production.HealthyAsync("i-a", at: 9);
        await World.ExpectPassedAsync(1, Gates.Healthy, "a", since: 9, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_check_has_to_hold_for_the_soak_and_then_counts_from_its_end()
    {
        Use(static p => p.Gate(Gates.Healthy, static g => g.Soak(TimeSpan.FromMinutes(10))));
        await DeployAsync(1, "a", at: 1);
        await Production.HealthyAsync("i-a", at: 5);
        var soaking = await World.ExpectAsync(1, Gates.Healthy, GateStatus.Running, Reason.Soaking, since: 5);
        Assert.Equal(("healthy; counts from 09:15 UTC", Core.Tests.Support.Given.At(15)), (soaking.Detail, soaking.SettlesAt));
        await World.WaitAsync(untilMinute: 14);
        Assert.StartsWith("healthy: soaking since 09:05 (health:probe); healthy; counts from 09:15 UTC", await World.WhyAsync(1), StringComparison.Ordinal);
        await World.WaitAsync(untilMinute: 16);

        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Passed, Reason.Exact, since: 15);
        Assert.True((await World.ItemAsync(1)).IsDone);
    }

    [Fact]
    public async Task A_failure_during_the_soak_starts_it_anew()
    {
        Use(static p => p.Gate(Gates.Healthy, static g => g.Soak(TimeSpan.FromMinutes(10))));
        await DeployAsync(1, "a", at: 1);
        await Production.HealthyAsync("i-a", at: 5);
        await Production.CheckAsync(GateStatus.Failed, "i-a", at: 12);
        await World.WaitAsync(untilMinute: 16);
        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Failed, since: 12);
        await Production.HealthyAsync("i-a", at: 20);
        await World.WaitAsync(untilMinute: 29);
        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Running, Reason.Soaking, since: 20);
        await World.WaitAsync(untilMinute: 31);

        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Passed, Reason.Exact, since: 30);
    }

    [Fact]
    public async Task A_change_that_joins_a_healthy_environment_is_verified_by_a_check_of_its_own_version()
    {
        await DeployAsync(1, "a", at: 1);
        await Production.HealthyAsync("i-a", at: 3);
        await DeployAsync(2, "b", at: 10);
        await Production.CheckAsync(GateStatus.Failed, "i-b", at: 14);

        await World.ExpectAsync(2, Gates.Healthy, GateStatus.Failed, since: 14);
        await World.ExpectAsync(1, Gates.Healthy, GateStatus.Passed, Reason.Exact, since: 3);
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_healthy_and_what_comes_back_is_verified_anew()
    {
        await DeployAsync(1, "a", at: 1);
        await DeployAsync(2, "b", at: 10);
        await Production.HealthyAsync("i-b", at: 14);
        await Production.RunsAsync("i-a", at: 20);
        await World.ExpectAsync(2, Gates.Healthy, GateStatus.Waiting);
        await Production.RunsAsync("i-b", at: 30);
        await World.ExpectAsync(2, Gates.Healthy, GateStatus.Waiting);
        await Production.HealthyAsync("i-b", at: 33);

        await World.ExpectPassedAsync(2, Gates.Healthy, "b", since: 33, CoverageRelation.Exact);
    }

    // It lands, is built green at once, has an image a minute later, and runs two minutes after it landed.
    private async Task DeployAsync(int pull, string commit, double at)
    {
        await Web.LandAsync(pull, commit, at);
        await Web.PassAsync(commit, at);
        await Web.ImageAsync($"i-{commit}", at + 1, commit);
        await Production.RunsAsync($"i-{commit}", at + 2);
    }
}
