using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>A merge whose other side becomes known only later brings what it merged, to whoever asks for the line and to a baseline.</summary>
public sealed class LateMergeTests
{
    // Commit 3 merges 2, where a change landed, to main; 2 itself is not known yet.
    private readonly DeliveryStory _story = new DeliveryStory().Commit(1).Commit(3, 1, 2).Head(3).Land(1, 2, "staging");

    [Fact]
    public async Task What_a_merge_brought_is_on_the_line_when_its_history_is_known()
    {
        // The landing's own history is known by then, by another commit.
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2, "staging").Head(2, "staging").Commit(4, 1, 3).Head(4);
        var onlyMain = new WorldShape { Staged = true, OnlyMain = true };
        Assert.Equal(GateStatus.Waiting, (await story.GateAsync(1, Gates.Merged, onlyMain)).Status);
        story.Commit(3, 2);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.Merged, onlyMain)).Status);
    }

    [Fact]
    public async Task A_baseline_is_before_what_its_merges_brought()
    {
        _story.Tell(new Happening.Began(_story.Next(), "main", null, DeliveryStory.Sha(3))).Commit(2, 1);
        var gate = await _story.GateAsync(1, Gates.MainCi);
        Assert.Equal((GateStatus.NotApplicable, Reason.Baseline), (gate.Status, gate.Reason));
    }

    [Fact]
    public async Task A_baseline_may_be_told_before_its_commit_is_known()
    {
        var story = new DeliveryStory().Commit(1).Land(1, 1);
        story.Tell(new Happening.Began(story.Next(), "main", null, DeliveryStory.Sha(2)));
        Assert.Equal(GateStatus.Waiting, (await story.GateAsync(1, Gates.MainCi)).Status);
        story.Commit(2, 1);
        Assert.Equal(GateStatus.NotApplicable, (await story.GateAsync(1, Gates.MainCi)).Status);
    }
}
