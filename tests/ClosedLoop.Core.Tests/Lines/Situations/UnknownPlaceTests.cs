using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Evidence about commits of which nobody has told the place yet: it proves nothing and takes nothing away until somebody does.</summary>
public sealed class UnknownPlaceTests : Situation
{
    [Fact]
    public async Task A_deployment_of_a_commit_that_no_push_was_heard_of_takes_nothing_away_and_counts_once_its_place_is_known()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-a", at: 4, "a");
        await Production.RunsAsync("i-a", at: 5);
        Web.HidesHistory = true;
        await Web.LandAsync(2, "b", at: 10);
        await Web.ImageAsync("i-b", at: 11, "b");
        await Production.RunsAsync("i-b", at: 12);

        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
        // Whoever looks at the first change again, for whatever reason, must not find another answer.
        await World.TellAsync(13, Given.Of(Given.Scm, Web.Pull(1), Gates.PrOpened, 13, GateStatus.Passed, links: Given.Item(1)));
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);

        await Web.RevealAsync(at: 14);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "b", since: 12, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_deployment_of_a_commit_beyond_a_gap_takes_nothing_away_before_the_gap_is_filled()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-a", at: 4, "a");
        await Production.RunsAsync("i-a", at: 5);
        Web.HidesHistory = true;
        await Web.PushAsync("b", at: 8);
        Web.HidesHistory = false;
        await Web.LandAsync(3, "c", at: 10);
        await Web.ImageAsync("i-c", at: 11, "c");
        await Production.RunsAsync("i-c", at: 12);

        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
        await World.ExpectPassedAsync(3, Gates.RolledOut, "c", since: 12, CoverageRelation.Exact);

        await Web.RevealAsync(at: 14);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
        await World.ExpectPassedAsync(3, Gates.RolledOut, "c", since: 12, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_rollback_to_a_commit_that_becomes_known_later_regresses_what_it_took_away_when_it_does()
    {
        Web.HidesHistory = true;
        await Web.PushAsync("old", at: 0);
        await Web.ImageAsync("i-old", at: 0, "old");
        Web.HidesHistory = false;
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-a", at: 4, "a");
        await Production.RunsAsync("i-a", at: 5);
        await Production.RunsAsync("i-old", at: 10);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);

        await Web.RevealAsync(at: 11);
        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Failed, Reason.Regressed, since: 10);
    }

    [Fact]
    public async Task A_health_check_of_the_version_before_does_not_make_the_rollout_of_an_unknown_one_a_pass()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-a", at: 4, "a");
        Web.HidesHistory = true;
        await Web.PushAsync("fork", at: 5, branch: "fork");
        await Web.ImageAsync("i-fork", at: 6, "fork");
        await Production.RunsAsync("i-fork", at: 8);
        await Production.CheckAsync(GateStatus.Failed, "i-a", at: 9);

        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Waiting);
    }
}
