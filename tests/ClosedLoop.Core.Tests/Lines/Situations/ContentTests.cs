using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>The commit is there and its content is not, or the other way round.</summary>
public sealed class ContentTests : Situation
{
    // zed#54721: a squash with an old base took 2,092 pull requests away.
    [Fact]
    public async Task A_commit_that_is_reachable_while_a_bad_squash_took_its_content_away_is_lost()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2);
        await Web.LandAsync(2, "squash", at: 5);
        await Web.FindLostAsync("squash", at: 5, Web.Commit("a"));
        await Web.PassAsync("squash", at: 8);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Lost, since: 5);
        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 2, CoverageRelation.Exact);
        await World.ExpectPassedAsync(2, Gates.MainCi, "squash", since: 8, CoverageRelation.Exact);
        Assert.StartsWith(
            $"merged: lost since 09:05 (scm:github); its content is gone from main since {LineWorld.Short("squash")}, which does not say so",
            await World.WhyAsync(1),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_green_build_after_the_loss_does_not_cover_what_was_lost_before_it_was_built()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "squash", at: 5);
        await Web.FindLostAsync("squash", at: 5, Web.Pull(1));
        await Web.PassAsync("squash", at: 8);

        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
    }

    // GitLab #199256, #36130
    [Fact]
    public async Task A_cherry_pick_to_a_release_line_is_a_landing_of_the_same_change_that_needs_its_own_build()
    {
        await Web.PushAsync("base", at: 0);
        await Web.ResetAsync("release", "base", at: 1);
        await Web.LandAsync(1, "a", at: 2);
        await Web.PickAsync("pick", at: 4, of: "a", "release");
        await Web.PassAsync("a", at: 5);

        Assert.Equal(Web.Pull(1), Assert.Single((await World.ItemAsync(1)).Changes).Change);
        var half = await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting, Reason.Partial);
        Assert.Equal("1 of 2 landings", half.Detail);

        await Web.PassAsync("pick", at: 9);
        await World.ExpectPassedAsync(1, Gates.MainCi, "pick", since: 9, CoverageRelation.Equivalent);
    }

    // GitLab #199256, #36130
    [Fact]
    public async Task A_rebased_line_brings_the_change_under_another_id_and_it_counts_once()
    {
        await Web.PushAsync("base", at: 0);
        await Web.LandAsync(1, "a", at: 1);
        await Web.PushAsync("fix", at: 3, onto: "base");
        await Web.PickAsync("a2", at: 3, of: "a", "main");
        await Web.PassAsync("a2", at: 6);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await World.ExpectPassedAsync(1, Gates.MainCi, "a2", since: 6, CoverageRelation.Equivalent);
        Assert.Single((await World.ItemAsync(1)).Changes);
    }

    [Fact]
    public async Task A_content_that_comes_twice_onto_one_line_is_one_landing()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.PickAsync("again", at: 4, of: "a", "main");
        await Web.PassAsync("a", at: 5);

        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 5, CoverageRelation.Exact);
    }

    // Shopify/shipit-engine: detached commits
    [Fact]
    public async Task A_force_push_takes_a_shipped_commit_off_the_line_and_the_same_content_brings_it_back()
    {
        await Web.PushAsync("base", at: 0);
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2);
        await Web.PushAsync("x", at: 5, onto: "base");

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Regressed);
        Assert.Contains($"{LineWorld.Short("a")} was pushed away from main", await World.WhyAsync(1), StringComparison.Ordinal);

        await Web.PickAsync("a2", at: 7, of: "a", "main");
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
        await Web.PassAsync("a2", at: 9);
        await World.ExpectPassedAsync(1, Gates.MainCi, "a2", since: 9, CoverageRelation.Equivalent);
        Assert.Equal([GateStatus.Passed, GateStatus.Failed, GateStatus.Passed], (await World.PathAsync(1, Gates.Merged)).Select(static p => p.Status));
    }

    [Fact]
    public async Task A_line_that_goes_on_after_a_force_push_leaves_what_it_dropped_as_it_is()
    {
        await Web.PushAsync("base", at: 0);
        await Web.LandAsync(1, "a", at: 1);
        await Web.PushAsync("x", at: 5, onto: "base");
        await Web.LandAsync(2, "y", at: 8);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Regressed);
        await World.ExpectAsync(2, Gates.Merged, GateStatus.Passed, Reason.Exact, since: 8);
    }

    [Fact]
    public async Task A_force_push_back_to_where_the_line_was_attaches_what_it_had_dropped()
    {
        Use(static p => p.DoneWhen(Done.MergedAndMainGreen));
        await Web.PushAsync("base", at: 0);
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2);
        await Web.PushAsync("x", at: 5, onto: "base");
        Assert.False((await World.ItemAsync(1)).IsDone);
        await Web.ResetAsync("main", "a", at: 8);

        var item = await World.ItemAsync(1);
        Assert.True(item.IsDone);
        Assert.Equal(
            [TransitionKind.Completed, TransitionKind.Reopened, TransitionKind.Completed],
            (await World.Loop.TransitionsAsync("BL-1")).Where(static t => t.DoneDefinition is not null).Select(static t => t.Kind));
    }

    [Fact]
    public async Task What_one_landing_lost_the_other_landings_of_the_same_pull_request_have_not()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ResetAsync("release/1", "a", at: 2);
        await Web.LandAsync(2, "b", at: 3);
        await Web.FindLostAsync("b", at: 4, Web.Commit("a"));
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Lost);

        await Web.LandAsync(2, "b-for-release", at: 5, branch: "release/1");
        await Web.ImageAsync("i", at: 6, "b-for-release");
        await Production.RunsAsync("i", at: 7);

        await World.ExpectPassedAsync(1, Gates.RolledOut, "b-for-release", since: 7);
    }

    [Fact]
    public async Task Reverting_the_pull_request_whose_merge_lost_something_brings_that_back()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 3);
        await Web.FindLostAsync("b", at: 4, Web.Commit("a"));
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Lost);

        await Web.RevertAsync(3, "c", at: 6, of: 2);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await World.ExpectAsync(2, Gates.Merged, GateStatus.Failed, Reason.Regressed);
    }
}
