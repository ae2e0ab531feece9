using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Several targets, services and repositories.</summary>
public sealed class TargetTests : Situation
{
    [Fact]
    public async Task All_targets_have_to_run_it_and_until_then_it_is_partial()
    {
        await ThreeTargetsAsync();
        var partial = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting, Reason.Partial);
        Assert.Equal("2 of 3 passed; production/us runs no version that is known to contain it", partial.Detail);
        await World.Target(name: "us").RunsAsync("i-b", at: 20);

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 20, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_quorum_of_targets_is_enough_and_passes_when_it_is_reached()
    {
        Use(static p => p.Gate(Gates.RolledOut, static g => g.Quorum(2)));
        await ThreeTargetsAsync();

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 12, CoverageRelation.Exact);
        await World.Target(name: "asia").RunsAsync("i-a", at: 30);
        var partial = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Failed, Reason.Regressed, since: 30);
        Assert.Contains("production/asia went back", partial.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quorum_that_is_not_reached_yet_says_how_many_of_how_many()
    {
        Use(static p => p.Gate(Gates.RolledOut, static g => g.Quorum(3)));
        await ThreeTargetsAsync();

        var partial = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting, Reason.Partial);
        Assert.Equal("2 of 3", partial.Detail);
    }

    [Fact]
    public async Task Named_targets_are_the_ones_that_count()
    {
        Use(static p => p.Gate(Gates.RolledOut, static g => g.Require("eu", "asia")));
        await ThreeTargetsAsync();

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 12, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_named_target_that_nobody_has_heard_of_holds_the_gate()
    {
        Use(static p => p.Gate(Gates.RolledOut, static g => g.Require("eu", "moon")));
        await ThreeTargetsAsync();

        var view = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Running, Reason.Partial);
        Assert.Equal("no evidence yet from moon", view.Detail);
    }

    [Fact]
    public async Task One_target_is_enough_where_any_is_asked_for()
    {
        Use(static p => p.Gate(Gates.RolledOut, static g => g.PassWhenAny()));
        await ThreeTargetsAsync();

        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 10, CoverageRelation.Exact);
    }

    [Fact]
    public async Task Other_environments_than_those_that_count_ship_nothing()
    {
        Use(static p => p.Gate(Gates.RolledOut, static g => g.InEnvironments("production")));
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-a", at: 2, "a");
        await World.Target("staging").RunsAsync("i-a", at: 3);

        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Waiting);
    }

    [Fact]
    public async Task An_item_with_two_pull_requests_is_through_when_both_are_covered()
    {
        await Web.LandAsync(1, "a", at: 1, item: 7);
        await Web.PassAsync("a", at: 3);
        await Web.LandAsync(2, "b", at: 5, item: 7);

        var half = await World.ExpectAsync(7, Gates.MainCi, GateStatus.Waiting, Reason.Partial);
        Assert.Equal("1 of 2 changes", half.Detail);
        await Web.PassAsync("b", at: 9);
        await World.ExpectAsync(7, Gates.MainCi, GateStatus.Passed, Reason.Exact, since: 9);
    }

    [Fact]
    public async Task An_item_with_changes_in_two_repositories_is_through_when_each_is_by_its_own_line()
    {
        var api = World.Repository("acme/api");
        await Web.LandAsync(1, "a", at: 1, item: 7);
        await api.LandAsync(1, "x", at: 2, item: 7);
        await Web.PassAsync("a", at: 3);
        await Web.ImageAsync("i-web", at: 4, "a");
        await Production.RunsAsync("i-web", at: 5);
        Assert.Equal(Reason.Partial, (await World.GateAsync(7, Gates.RolledOut)).Reason);
        await api.PassAsync("x", at: 6);
        await api.ImageAsync("i-api", at: 7, "x");
        await World.Target(name: "api").RunsAsync("i-api", at: 9);

        await World.ExpectAsync(7, Gates.MainCi, GateStatus.Passed, Reason.Exact, since: 6);
        await World.ExpectAsync(7, Gates.RolledOut, GateStatus.Passed, Reason.Exact, since: 9);
    }

    [Fact]
    public async Task A_repository_whose_commits_have_the_same_names_as_anothers_is_another_line()
    {
        var api = World.Repository("acme/api");
        await Web.LandAsync(1, "a", at: 1);
        await api.PushAsync("a", at: 1);
        await api.PushAsync("b", at: 2);
        await api.PassAsync("b", at: 5);

        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
    }

    // eu runs b since 10, asia since 12, us still runs a.
    private async Task ThreeTargetsAsync()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.ImageAsync("i-a", at: 3, "a");
        await Web.ImageAsync("i-b", at: 4, "b");
        foreach (string target in new[] { "eu", "asia", "us" }) await World.Target(name: target).RunsAsync("i-a", at: 5);
        await World.Target(name: "eu").RunsAsync("i-b", at: 10);
        await World.Target(name: "asia").RunsAsync("i-b", at: 12);
    }

    // What is told backwards says that it is gone before anybody said what ran there.
    [Fact]
    public async Task A_target_that_is_gone_without_a_version_holds_up_nobody_in_whatever_order_it_is_told()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.ImageAsync("i-a", at: 3, "a");
        await Web.ImageAsync("i-b", at: 4, "b");
        await World.Target(name: "us").RunsAsync("i-a", at: 5);
        await World.Target(name: "eu").RunsAsync("i-b", at: 6);
        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting, Reason.Partial);
        await World.Target(name: "us").RolloutAsync(GateStatus.NotApplicable, at: 7);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 6, CoverageRelation.Exact);
        // It comes back with something old, and goes again.
        await World.Target(name: "us").RunsAsync("i-a", at: 8);
        await World.Target(name: "us").RolloutAsync(GateStatus.NotApplicable, at: 9);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 6, CoverageRelation.Exact);
    }
}
