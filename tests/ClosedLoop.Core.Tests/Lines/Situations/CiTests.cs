using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>CI of a busy line: cancelled, coalesced, red.</summary>
public sealed class CiTests : Situation
{
    // Equibles#3159, nextly#688
    [Fact]
    public async Task A_build_that_is_cancelled_by_each_next_push_is_no_failure_and_the_one_that_finishes_covers_all()
    {
        for (int i = 1; i <= 5; i++)
        {
            await Web.LandAsync(i, $"c{i}", at: i);
            await Web.BuildAsync($"c{i}", GateStatus.Waiting, at: i + 0.5, Reason.Cancelled);
        }
        var waiting = await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting, Reason.Cancelled);
        Assert.Equal(Web.Commit("c1"), waiting.Coverage!.Commit);
        Assert.StartsWith("main-ci: waiting, cancelled since 09:01", await World.WhyAsync(1), StringComparison.Ordinal);

        int run = await Web.BuildAsync("c5", GateStatus.Running, at: 7);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Running);
        await Web.PassAsync("c5", at: 9, run: run);
        for (int i = 1; i <= 5; i++)
        {
            var covered = await World.ExpectPassedAsync(i, Gates.MainCi, "c5", since: 9, i == 5 ? CoverageRelation.Exact : CoverageRelation.Ancestor);
            Assert.Equal(TimeSpan.FromMinutes(9 - i), covered.Waited);
            Assert.DoesNotContain(await World.PathAsync(i, Gates.MainCi), static p => p.Status == GateStatus.Failed);
        }
    }

    // jenkinsci/gitlab-plugin#487
    [Fact]
    public async Task A_quiet_period_that_builds_only_the_last_of_several_pushes_covers_those_that_were_never_built()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.LandAsync(3, "c", at: 3);
        await Web.PassAsync("c", at: 6);

        await World.ExpectPassedAsync(1, Gates.MainCi, "c", since: 6);
        await World.ExpectPassedAsync(2, Gates.MainCi, "c", since: 6);
    }

    [Fact]
    public async Task A_superseded_build_waits_and_a_later_green_covers_it()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.BuildAsync("a", GateStatus.Waiting, at: 2, Reason.Superseded);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting, Reason.Superseded);
        await Web.LandAsync(2, "b", at: 3);
        await Web.PassAsync("b", at: 6);

        await World.ExpectPassedAsync(1, Gates.MainCi, "b", since: 6);
        Assert.Equal([(GateStatus.Waiting, Reason.Superseded), (GateStatus.Passed, Reason.CoveredBy)], await World.PathAsync(1, Gates.MainCi));
    }

    [Fact]
    public async Task A_change_merged_onto_red_waits_for_the_fix_and_the_record_shows_what_released_it()
    {
        await Web.LandAsync(1, "green", at: 1);
        await Web.PassAsync("green", at: 2);
        await Web.LandAsync(2, "breaks", at: 10);
        await Web.FailAsync("breaks", at: 12);
        await Web.LandAsync(3, "innocent", at: 14);
        await Web.FailAsync("innocent", at: 16);
        await World.ExpectAsync(3, Gates.MainCi, GateStatus.Failed, since: 16);
        await Web.LandAsync(4, "fix", at: 20);
        await Web.PassAsync("fix", at: 24);

        var breaks = await World.ExpectPassedAsync(2, Gates.MainCi, "fix", since: 24);
        Assert.Equal((false, Web.Pull(4), TimeSpan.FromMinutes(14)), (breaks.LandedOnRed, breaks.ReleasedBy, breaks.Waited));
        var innocent = await World.ExpectPassedAsync(3, Gates.MainCi, "fix", since: 24);
        Assert.Equal((true, Web.Pull(4), TimeSpan.FromMinutes(10)), (innocent.LandedOnRed, innocent.ReleasedBy, innocent.Waited));
        var fix = await World.ExpectPassedAsync(4, Gates.MainCi, "fix", since: 24, CoverageRelation.Exact);
        Assert.Equal((true, null), (fix.LandedOnRed, fix.ReleasedBy));
        Assert.Equal([(GateStatus.Failed, Reason.None), (GateStatus.Passed, Reason.CoveredBy)], await World.PathAsync(3, Gates.MainCi));
    }

    [Fact]
    public async Task What_released_a_change_that_landed_on_red_is_in_the_sentence_that_a_person_reads()
    {
        Use(static p => p.DoneWhen(Done.MergedAndMainGreen));
        await Web.LandAsync(1, "breaks", at: 0);
        await Web.FailAsync("breaks", at: 1);
        await Web.LandAsync(2, "innocent", at: 5);
        await Web.LandAsync(3, "fix", at: 6);
        await Web.PassAsync("fix", at: 25);

        Assert.Equal("done (B) since 2026-01-05 09:25 UTC; main-ci released by pr:acme/web#3 after 20 min, having landed on red.", await World.WhyAsync(2));
        Assert.Equal("done (B) since 2026-01-05 09:25 UTC.", await World.WhyAsync(3));
    }

    [Fact]
    public async Task A_red_build_after_the_green_one_takes_nothing_back_from_what_was_released()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 3);
        await Web.LandAsync(2, "b", at: 4);
        await Web.FailAsync("b", at: 6);

        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 3, CoverageRelation.Exact);
        await World.ExpectAsync(2, Gates.MainCi, GateStatus.Failed, since: 6);
    }

    [Fact]
    public async Task A_rerun_of_the_same_commit_speaks_for_it()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.FailAsync("a", at: 3);
        await Web.PassAsync("a", at: 8);
        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 8, CoverageRelation.Exact);
        await Web.FailAsync("a", at: 12);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Failed, since: 12);
    }

    [Fact]
    public async Task Each_job_releases_by_its_own_green_and_the_gate_waits_for_all_of_them()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.PassAsync("a", at: 4, "unit");
        await Web.FailAsync("a", at: 5, "e2e");
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Failed, since: 5);
        await Web.PassAsync("b", at: 9, "e2e");

        await World.ExpectPassedAsync(1, Gates.MainCi, "b", since: 9);
        await World.ExpectPassedAsync(2, Gates.MainCi, "b", since: 9, CoverageRelation.Exact);
    }
}
