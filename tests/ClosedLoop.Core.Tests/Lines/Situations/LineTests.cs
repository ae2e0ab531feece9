using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Several lines, and what is known of their history.</summary>
public sealed class LineTests : Situation
{
    [Fact]
    public async Task A_change_that_is_on_staging_is_merged_to_main_only_by_the_merge_that_brings_it()
    {
        Use(static p => p.Gate(Gates.Merged, static g => g.OnLines("main")).Gate(Gates.MainCi, static g => g.OnLines("main")));
        await Web.PushAsync("base", at: 0);
        await Web.ResetAsync("staging", "base", at: 0);
        await Web.LandAsync(1, "a", at: 1, "staging");
        await Web.LandAsync(2, "b", at: 2, "staging");
        await Web.PassAsync("b", at: 3);
        var waiting = await World.ExpectAsync(1, Gates.Merged, GateStatus.Waiting);
        Assert.Equal("not on main yet", waiting.Detail);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);

        await Web.PushAsync("release", at: 5, merging: "a");
        await Web.PassAsync("release", at: 8);
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await World.ExpectPassedAsync(1, Gates.MainCi, "release", since: 8);
        await World.ExpectAsync(2, Gates.Merged, GateStatus.Waiting);
        await World.ExpectAsync(2, Gates.MainCi, GateStatus.Waiting);
    }

    [Fact]
    public async Task A_release_branch_inherits_what_landed_before_it_was_made_and_nothing_that_landed_later()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.ResetAsync("release/1", "b", at: 3);
        await Web.LandAsync(3, "c", at: 4);
        await Web.PushAsync("r", at: 5, "release/1");
        await Web.ImageAsync("train", at: 6, "r");
        await Production.RunsAsync("train", at: 8);

        await World.ExpectPassedAsync(1, Gates.RolledOut, "r", since: 8);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "r", since: 8);
        await World.ExpectAsync(3, Gates.RolledOut, GateStatus.Waiting);
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
    }

    [Fact]
    public async Task A_merge_commit_covers_the_landings_of_both_sides()
    {
        await Web.PushAsync("base", at: 0);
        await Web.ResetAsync("next", "base", at: 0);
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "n", at: 2, "next");
        await Web.PushAsync("both", at: 3, merging: "n");
        await Web.PassAsync("both", at: 6);

        await World.ExpectPassedAsync(1, Gates.MainCi, "both", since: 6);
        await World.ExpectPassedAsync(2, Gates.MainCi, "both", since: 6);
    }

    // By the pull requests' own words; by the commits' own words; and by both, when a revert made at the command line is reverted on the web.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task A_revert_takes_a_change_away_and_a_revert_of_the_revert_brings_it_back_as_a_new_landing(bool byCommit, bool again)
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2);
        await (byCommit ? Web.RevertAsync(2, "undo", at: 5, of: "a") : Web.RevertAsync(2, "undo", at: 5, of: 1));
        await Web.PassAsync("undo", at: 6);
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Regressed, since: 5);
        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 2, CoverageRelation.Exact);

        await (again ? Web.RevertAsync(3, "redo", at: 9, of: "undo") : Web.RevertAsync(3, "redo", at: 9, of: 2));
        await World.ExpectAsync(2, Gates.Merged, GateStatus.Failed, Reason.Regressed, since: 9);
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
        await Web.PassAsync("redo", at: 12);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Passed, since: 12, reason: (await World.GateAsync(1, Gates.MainCi)).Reason);
        await World.ExpectPassedAsync(3, Gates.MainCi, "redo", since: 12, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_revert_on_main_leaves_the_release_line_as_it_is()
    {
        await Web.PushAsync("base", at: 0);
        await Web.ResetAsync("release", "base", at: 0);
        await Web.LandAsync(1, "a", at: 1);
        await Web.PickAsync("pick", at: 2, of: "a", "release");
        await Web.RevertAsync(2, "undo", at: 5, of: "a");
        await Web.ImageAsync("i", at: 6, "pick");
        await Production.RunsAsync("i", at: 8);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Regressed, since: 5);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "pick", since: 8, CoverageRelation.Equivalent);
    }

    [Fact]
    public async Task While_the_history_is_not_known_only_linked_evidence_counts_and_what_is_healed_later_counts_in_full()
    {
        Web.HidesHistory = true;
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.PassAsync("b", at: 5);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
        await World.ExpectAsync(2, Gates.MainCi, GateStatus.Passed, Reason.Exact, since: 5);
        await Web.RevealAsync(at: 9);

        await World.ExpectPassedAsync(1, Gates.MainCi, "b", since: 5);
    }

    [Fact]
    public async Task A_gap_in_the_history_hides_what_lies_below_it_and_regresses_nothing_until_it_is_healed()
    {
        Web.HidesHistory = true;
        foreach (var (pull, commit) in new[] { (1, "a"), (2, "b"), (3, "c"), (4, "d") }) await Web.LandAsync(pull, commit, at: pull);
        await Web.RevealAsync(5, "a", "b", "d");
        await Web.PassAsync("d", at: 6);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact);
        await Web.RevealAsync(9);

        foreach (int item in new[] { 1, 2, 3 }) await World.ExpectPassedAsync(item, Gates.MainCi, "d", since: 6);
        await World.ExpectPassedAsync(4, Gates.MainCi, "d", since: 6, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_probe_is_told_which_history_is_missing()
    {
        Web.HidesHistory = true;
        foreach (var (pull, commit) in new[] { (1, "a"), (2, "b"), (3, "c") }) await Web.LandAsync(pull, commit, at: pull);
        await Web.RevealAsync(4, "a", "c");

        var gap = Assert.Single(await LineGaps.FindAsync(World.Loop.Store, default));
        Assert.Equal(new LineGap("acme/web", "main", LineWorld.Sha("b")), gap);
    }

    [Fact]
    public async Task A_red_build_of_what_a_forced_push_took_off_the_line_says_nothing_of_what_stayed()
    {
        Use(static p => p.Gate(Gates.MainCi, static g => g.OnLines("main")));
        await Web.PushAsync("base", at: 0);
        await Web.ResetAsync("staging", "base", at: 0);
        await Web.LandAsync(1, "a", at: 1, branch: "staging");
        await Web.PushAsync("merge", at: 2, merging: "a");
        await Web.BuildAsync("merge", GateStatus.Running, at: 3);
        await Web.PushAsync("bad", at: 4);
        await Web.FailAsync("bad", at: 5);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Failed, since: 5);

        await Web.PushAsync("good", at: 6, onto: "merge");

        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Running, since: 3);
    }
}
