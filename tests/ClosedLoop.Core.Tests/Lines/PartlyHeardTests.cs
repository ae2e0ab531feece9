using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>While a part of what happened is not heard of: nothing is claimed of what is missing, and the rest follows from what was heard, not from when.</summary>
public sealed class PartlyHeardTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_head_that_is_told_late_counts_while_nobody_knows_the_newest_one(bool isLate)
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Commit(3, 1).Land(1, 2);
        var (first, second) = (story.Next(), story.Next());
        Happening[] heads = [new Pushed(first, Given.Repository, "main", DeliveryStory.Sha(3)), new Pushed(second, Given.Repository, "main", DeliveryStory.Sha(9))];
        foreach (var head in isLate ? heads.Reverse() : heads) story.Tell(head);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), await ReasonAsync(story, Gates.Merged));
    }

    [Fact]
    public async Task A_head_with_a_gap_in_its_past_has_pushed_nothing_away_whatever_else_it_merged()
    {
        DeliveryStory Story() => new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).Commit(4, 1).Commit(6, 5, 4).Head(6);
        Assert.Equal(GateStatus.Passed, (await Story().GateAsync(1, Gates.Merged)).Status);
        Assert.Equal(GateStatus.Passed, (await Story().Commit(5, 2).GateAsync(1, Gates.Merged)).Status);
        Assert.Equal(GateStatus.Failed, (await Story().Commit(5, 1).GateAsync(1, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_head_that_moves_back_while_its_gap_is_filled_leaves_out_what_it_might_have_had_before()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).Commit(6, 1).Commit(5, 4).Head(5);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.Merged)).Status);
        story.Tell(story.Node(4, 6), new Pushed(story.Next(), Given.Repository, "main", DeliveryStory.Sha(6)));
        Assert.Equal(GateStatus.Failed, (await story.GateAsync(1, Gates.Merged)).Status);
    }

    [Fact]
    public async Task The_side_of_a_merge_that_becomes_known_with_a_gap_of_its_own_may_have_what_seemed_pushed_away()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).Commit(3, 1).Commit(6, 3, 5).Head(6);
        Assert.Equal(GateStatus.Failed, (await story.GateAsync(1, Gates.Merged)).Status);
        Assert.Equal(GateStatus.Passed, (await story.Commit(5, 4).GateAsync(1, Gates.Merged)).Status);
        Assert.Equal(GateStatus.Failed, (await story.Commit(4, 1).GateAsync(1, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_version_with_a_gap_in_its_past_is_no_rollback_whatever_else_it_merged()
    {
        DeliveryStory Story() => new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).RollOut("web", GateStatus.Passed, 2).Commit(4, 1).Commit(6, 5, 4).RollOut("web", GateStatus.Passed, 6);
        Assert.Equal(GateStatus.Passed, (await Story().GateAsync(1, Gates.RolledOut)).Status);
        Assert.Equal(GateStatus.Passed, (await Story().Commit(5, 2).GateAsync(1, Gates.RolledOut)).Status);
        Assert.Equal(Reason.Regressed, (await Story().Commit(5, 1).GateAsync(1, Gates.RolledOut)).Reason);
    }

    [Fact]
    public async Task The_first_rollout_above_a_gap_counts_for_what_landed_above_it()
    {
        var story = new DeliveryStory().Commit(2, 1).RollOut("web", GateStatus.Passed, 2).Commit(4, 3).Commit(5, 4).Land(1, 5).Commit(6, 5).RollOut("web", GateStatus.Passed, 6);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.RolledOut)).Status);
    }

    [Fact]
    public async Task A_landing_whose_place_is_not_known_hears_of_a_new_target()
    {
        var story = new DeliveryStory().Commit(1).Head(1).Land(1, 2).RollOut("web", GateStatus.Passed, 1);
        Assert.Equal("production/web runs no version that is known to contain it", (await story.GateAsync(1, Gates.RolledOut)).Detail);
    }

    [Fact]
    public async Task A_landing_whose_place_is_not_known_waits_for_targets_once_any_history_is_known()
    {
        var story = new DeliveryStory().Land(1, 2).RollOut("web", GateStatus.Passed, 1);
        Assert.Null((await story.GateAsync(1, Gates.RolledOut)).Detail);
        Assert.NotNull((await story.Commit(1).GateAsync(1, Gates.RolledOut)).Detail);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_linked_to_a_landing_whose_place_is_not_known_stands_whatever_else_is_checked_by_then(bool isLate)
    {
        var story = new DeliveryStory().Commit(1).Head(1).Land(1, 2);
        Happening[] checks =
        [
            new Checked(story.Next(), "production", "web", Key.Create("monitor", "web-1"), new Ordinal(1), GateStatus.Running, Reason.None, DeliveryStory.Sha(2), DeliveryStory.Sha(2)),
            new Checked(story.Next(), "production", "web", Key.Create("monitor", "web-2"), new Ordinal(2), GateStatus.Passed, Reason.None, DeliveryStory.Sha(1), null),
        ];
        foreach (var check in isLate ? checks.Reverse() : checks) story.Tell(check);
        Assert.Equal(GateStatus.Running, (await story.GateAsync(1, Gates.Healthy)).Status);
    }

    [Fact]
    public async Task A_target_that_is_gone_is_asked_for_no_more_once_the_history_of_what_it_ran_is_known()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).Commit(5, 4).RollOut("web", GateStatus.NotApplicable, 5);
        Assert.NotNull((await story.GateAsync(1, Gates.RolledOut)).Detail);
        Assert.Null((await story.Commit(4, 1).GateAsync(1, Gates.RolledOut)).Detail);
    }

    [Fact]
    public async Task Tracking_that_began_anew_at_a_later_commit_exempts_what_landed_before_although_the_first_one_is_not_known()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).Head(2);
        story.Tell(new Began(story.Next(), "main", null, DeliveryStory.Sha(9))).Tell(new Began(story.Next(), "main", null, DeliveryStory.Sha(2)));
        Assert.Equal((GateStatus.NotApplicable, Reason.Baseline), await ReasonAsync(story, Gates.MainCi));
    }

    [Fact]
    public async Task A_run_beyond_a_fork_releases_what_was_reverted_only_on_the_line_that_it_forked_from()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2).Commit(3, 2).Commit(4, 3).Revert(4, 2).Commit(5, 4).Build(5, GateStatus.Passed).Commit(7, 2);
        Assert.Equal(GateStatus.Waiting, (await story.GateAsync(1, Gates.MainCi)).Status);
        story.Build(7, GateStatus.Passed);
        Assert.Equal((GateStatus.Passed, Reason.CoveredBy), await ReasonAsync(story, Gates.MainCi));
    }

    private static async Task<(GateStatus Status, Reason Reason)> ReasonAsync(DeliveryStory story, string gate)
    {
        var view = await story.GateAsync(1, gate);
        return (view.Status, view.Reason);
    }
}
