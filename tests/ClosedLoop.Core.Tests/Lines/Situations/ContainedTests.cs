using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Which commits a change is in, and which it is not in.</summary>
public sealed class ContainedTests : Situation
{
    // gastown#4188
    [Fact]
    public async Task A_commit_that_is_an_ancestor_of_the_tip_is_merged_and_covered()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.PassAsync("b", at: 5);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Passed, Reason.Exact, since: 1);
        var covered = await World.ExpectPassedAsync(1, Gates.MainCi, "b", since: 5);
        Assert.Equal((Web.Pull(2), TimeSpan.FromMinutes(4), false), (covered.ReleasedBy, covered.Waited, covered.LandedOnRed));
        var exact = await World.ExpectPassedAsync(2, Gates.MainCi, "b", since: 5, CoverageRelation.Exact);
        Assert.Null(exact.ReleasedBy);
    }

    [Fact]
    public async Task A_green_build_that_comes_before_the_landing_says_nothing_of_it()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.PassAsync("a", at: 5);

        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 5, CoverageRelation.Exact);
        await World.ExpectAsync(2, Gates.MainCi, GateStatus.Waiting);
    }

    // sentry#118527
    [Fact]
    public async Task A_later_green_of_another_branch_does_not_cover()
    {
        await Web.PushAsync("base", at: 0);
        await Web.ResetAsync("release", "base", at: 1);
        await Web.LandAsync(1, "a", at: 2);
        await Web.PushAsync("r", at: 3, "release");
        await Web.PassAsync("r", at: 9);

        var gate = await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
        Assert.Null(gate.Coverage);
        Assert.StartsWith("main-ci: waiting since 09:02", await World.WhyAsync(1), StringComparison.Ordinal);
    }

    // sentry#118527
    [Fact]
    public async Task A_later_green_after_a_force_push_that_dropped_the_commit_does_not_cover()
    {
        await Web.PushAsync("base", at: 0);
        await Web.LandAsync(1, "a", at: 2);
        await Web.PushAsync("x", at: 3, onto: "base");
        await Web.PassAsync("x", at: 9);

        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Regressed);
    }
}
