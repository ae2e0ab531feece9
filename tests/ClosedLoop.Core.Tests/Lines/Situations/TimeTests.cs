using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Where time and tracking begin, and clocks that are wrong.</summary>
public sealed class TimeTests : Situation
{
    // devlake#7193, #8188, #8790: lead times of six months
    [Fact]
    public async Task The_first_deployment_ever_ships_nothing_that_landed_before_tracking_began()
    {
        await Web.LandAsync(1, "old", at: -100_000);
        await Web.LandAsync(2, "older", at: -90_000);
        await Web.BaselineAsync(Key.Branch("acme/web", "main"), "older", at: 0);
        await Web.LandAsync(3, "new", at: 1);
        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.NotApplicable, Reason.Baseline);
        await Web.ImageAsync("i", at: 2, "new");
        await Production.RunsAsync("i", at: 5);

        await World.ExpectPassedAsync(3, Gates.RolledOut, "new", since: 5, CoverageRelation.Exact);
        foreach (int item in new[] { 1, 2 })
        {
            await World.ExpectAsync(item, Gates.ImageBuilt, GateStatus.NotApplicable, Reason.Baseline);
            await World.ExpectAsync(item, Gates.RolledOut, GateStatus.NotApplicable, Reason.Baseline);
        }
    }

    [Fact]
    public async Task What_landed_before_tracking_began_is_not_stuck()
    {
        await Web.LandAsync(1, "old", at: -100_000);
        await Web.BaselineAsync(Key.Branch("acme/web", "main"), "old", at: 0);
        await Web.LandAsync(2, "new", at: 1);
        await World.WaitAsync(untilMinute: 120);

        foreach (string gate in new[] { Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy })
        {
            var view = await World.ExpectAsync(1, gate, GateStatus.NotApplicable, Reason.Baseline);
            Assert.Equal("landed before tracking began", view.Detail);
            await World.ExpectAsync(2, gate, GateStatus.Waiting);
        }
        Assert.True((await World.ItemAsync(1)).IsDone);
    }

    [Fact]
    public async Task A_baseline_of_an_environment_is_one_for_the_gates_that_look_at_it()
    {
        Use(static p => p
            .Gate(Gates.RolledOut, static g => g.InEnvironments("production"))
            .GateBefore(Gates.RolledOut, "staged", static g => g.WrittenBy(WriterRoles.Deployer).ListenTo("staged").Level().InEnvironments("staging")));
        await Web.LandAsync(1, "old", at: 1);
        await Web.BaselineAsync(Key.Environment("production@acme/web"), "old", at: 2);

        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.NotApplicable, Reason.Baseline);
        await World.ExpectAsync(1, "staged", GateStatus.Waiting);
        await World.ExpectAsync(1, Gates.MainCi, GateStatus.Waiting);
    }

    [Fact]
    public async Task A_baseline_that_is_moved_takes_along_what_it_passes()
    {
        var main = Key.Branch("acme/web", "main");
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.LandAsync(3, "c", at: 3);
        await Web.BaselineAsync(main, "a", at: 4);
        await World.ExpectAsync(2, Gates.MainCi, GateStatus.Waiting);
        await Web.BaselineAsync(main, "b", at: 5);

        await World.ExpectAsync(1, Gates.MainCi, GateStatus.NotApplicable, Reason.Baseline);
        await World.ExpectAsync(2, Gates.MainCi, GateStatus.NotApplicable, Reason.Baseline);
        await World.ExpectAsync(3, Gates.MainCi, GateStatus.Waiting);
    }

    // devlake#8302
    [Fact]
    public async Task A_source_that_touches_its_row_later_does_not_move_the_time_at_which_it_happened()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i", at: 2, "a");
        var deployed = Production.Rollout(GateStatus.Passed, 5, "i") with { Subject = Key.Deployment("17") };
        await World.TellAsync(5, deployed);
        await World.TellAsync(50_000, deployed with { Ordinal = Ordinal.At(Given.At(50_000)), Detail = "touched" });

        var view = await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Passed, Reason.Exact, since: 5);
        Assert.Equal(TimeSpan.FromMinutes(4), view.Coverage!.Waited);
    }

    // devlake computeTimeSpan: negative spans vanish without a word
    [Fact]
    public async Task A_build_whose_clock_is_before_the_landing_has_not_waited_less_than_no_time()
    {
        await Web.LandAsync(1, "a", at: 10);
        await Web.PassAsync("a", at: 7);

        var covered = await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 7, CoverageRelation.Exact);
        Assert.Equal(TimeSpan.Zero, covered.Waited);
    }

    // devlake computeTimeSpan
    [Fact]
    public async Task A_time_that_cannot_be_is_replaced_by_that_of_receipt_and_flagged()
    {
        await Web.LandAsync(1, "a", at: 10);
        await World.TellAsync(15, Given.Built(1, GateStatus.Passed, 900_000) with { Ordinal = new Ordinal(1, 0, 2), Links = [Web.Commit("a")] });

        await World.ExpectPassedAsync(1, Gates.MainCi, "a", since: 15, CoverageRelation.Exact);
        var build = await World.Loop.Store.LoadAsync(new LoadRequest { Subjects = [Given.Build(1)] }, default);
        Assert.Equal("clamped", Assert.Single(build.Facts, static f => f.Kind == Gates.MainCi).Attribute(FactAttributes.Clock));
    }
}
