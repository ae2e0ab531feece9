using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>A check verifies what was live when it was made, and not what went live, or live again, after it.</summary>
public sealed class VerifiedAgainTests
{
    private readonly DeliveryStory _story = new DeliveryStory().Commit(1).Commit(2, 1).Commit(3, 2).Head(3).Land(1, 2).Land(2, 3);

    [Fact]
    public async Task A_target_that_was_away_is_checked_again()
    {
        _story.RollOut("t0", GateStatus.Passed, 2).Check("t0", GateStatus.Passed, 2).RollOut("t0", GateStatus.NotApplicable, 2).RollOut("t0", GateStatus.Passed, 3);
        Assert.Equal(GateStatus.Waiting, (await _story.GateAsync(1, Gates.Healthy)).Status);
        _story.Check("t0", GateStatus.Failed, 3, Reason.Regressed);
        Assert.Equal(GateStatus.Failed, (await _story.GateAsync(1, Gates.Healthy)).Status);
    }

    [Fact]
    public async Task A_version_that_was_marked_bad_verified_nothing_that_came_with_it()
    {
        _story.RollOut("t0", GateStatus.Passed, 1).RollOut("t0", GateStatus.Passed, 2).Check("t0", GateStatus.Passed, 2);
        _story.Tell(new Model.Happening.Judged(_story.Next(), DeliveryStory.Sha(2), DeliveryStory.Sha(2), Bad: true)).RollOut("t0", GateStatus.Passed, 3);
        Assert.Equal(GateStatus.Waiting, (await _story.GateAsync(1, Gates.Healthy)).Status);
        _story.Check("t0", GateStatus.Passed, 3);
        Assert.Equal(GateStatus.Passed, (await _story.GateAsync(1, Gates.Healthy)).Status);
    }

    [Fact]
    public async Task A_check_that_is_taken_back_leaves_what_a_later_version_verified()
    {
        _story.RollOut("t0", GateStatus.Passed, 2).Check("t0", GateStatus.Passed, 2).RollOut("t0", GateStatus.Passed, 3).Check("t0", GateStatus.Passed, 3);
        var before = await _story.GateAsync(1, Gates.Healthy);
        _story.RollOut("t0", GateStatus.Passed, 2).Check("t0", GateStatus.Failed, 2, Reason.Regressed);
        var after = await _story.GateAsync(1, Gates.Healthy);
        Assert.Equal((GateStatus.Passed, true), (after.Status, after.Since > before.Since));
    }
}
