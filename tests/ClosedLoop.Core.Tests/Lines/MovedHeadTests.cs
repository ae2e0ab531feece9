using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>What a head that moves, or becomes known, says of landings that it does not contain.</summary>
public sealed class MovedHeadTests
{
    [Fact]
    public async Task A_line_that_went_another_way_and_back_is_merely_behind_again()
    {
        var story = new DeliveryStory().Commit(1).Head(1).Commit(2, 1).Land(1, 2).Head(2).Commit(3, 1).Head(3);
        Assert.Equal(GateStatus.Failed, (await story.GateAsync(1, Gates.Merged)).Status);
        story.Head(1);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_head_that_is_told_late_may_have_gone_another_way_long_before()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Commit(3, 2).Commit(4, 1).Land(1, 4);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.Merged)).Status);
        story.Head(3);
        Assert.Equal(GateStatus.Failed, (await story.GateAsync(1, Gates.Merged)).Status);
    }

    [Fact]
    public async Task When_a_gap_closes_the_line_may_turn_out_to_have_gone_another_way_long_before()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Commit(4, 1).Land(1, 4).Commit(6, 5).Head(6);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.Merged)).Status);
        story.Commit(5, 2);
        Assert.Equal(GateStatus.Failed, (await story.GateAsync(1, Gates.Merged)).Status);
    }
}
