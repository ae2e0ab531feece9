using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>All targets have to run a change: one more or one less matters to every change, also to those that were never there.</summary>
public sealed class ComingAndGoingTargetTests
{
    private readonly DeliveryStory _story = new DeliveryStory().Commit(1).Commit(2, 1).Head(2).Land(1, 2);

    [Fact]
    public async Task A_new_target_that_runs_an_older_version_is_one_more_to_wait_for()
    {
        _story.RollOut("t0", GateStatus.Passed, 2);
        Assert.Equal(GateStatus.Passed, (await _story.GateAsync(1, Gates.RolledOut)).Status);
        _story.RollOut("t1", GateStatus.Passed, 1);
        var gate = await _story.GateAsync(1, Gates.RolledOut);
        Assert.Equal((GateStatus.Waiting, Reason.Partial), (gate.Status, gate.Reason));
    }

    [Fact]
    public async Task A_target_that_is_gone_holds_up_nobody()
    {
        _story.RollOut("t0", GateStatus.Passed, 2).RollOut("t1", GateStatus.Passed, 2).RollOut("t1", GateStatus.Passed, 1);
        Assert.Equal(GateStatus.Failed, (await _story.GateAsync(1, Gates.RolledOut)).Status);
        _story.RollOut("t1", GateStatus.NotApplicable, 1);
        Assert.Equal(GateStatus.Passed, (await _story.GateAsync(1, Gates.RolledOut)).Status);
    }

    [Fact]
    public async Task A_target_that_is_back_counts_again()
    {
        _story.RollOut("t0", GateStatus.Passed, 2).RollOut("t1", GateStatus.Passed, 1).RollOut("t1", GateStatus.NotApplicable, 1);
        Assert.Equal(GateStatus.Passed, (await _story.GateAsync(1, Gates.RolledOut)).Status);
        _story.RollOut("t1", GateStatus.Passed, 1);
        Assert.Equal(GateStatus.Waiting, (await _story.GateAsync(1, Gates.RolledOut)).Status);
    }

    [Fact]
    public async Task What_one_target_says_of_a_change_speaks_before_another_that_says_nothing()
    {
        _story.RollOut("t1", GateStatus.Passed, 1).RollOut("t0", GateStatus.Passed, 2).Check("t0", GateStatus.Waiting, 2, Reason.Inconclusive).Check("t1", GateStatus.Passed, 1);
        var gate = await _story.GateAsync(1, Gates.Healthy);
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), (gate.Status, gate.Reason));
    }

    [Fact]
    public async Task The_first_check_of_a_target_makes_it_one_more_to_wait_for()
    {
        _story.RollOut("t1", GateStatus.Passed, 1).RollOut("t0", GateStatus.Passed, 2).Check("t0", GateStatus.Passed, 2);
        Assert.Equal(GateStatus.Passed, (await _story.GateAsync(1, Gates.Healthy)).Status);
        _story.Check("t1", GateStatus.Passed, 1);
        Assert.Equal(GateStatus.Waiting, (await _story.GateAsync(1, Gates.Healthy)).Status);
    }
}
