using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>Which build released a change, and what that build is said to be.</summary>
public sealed class ReleaseTests
{
    [Fact]
    public async Task What_passed_on_staging_releases_nothing_at_a_gate_that_asks_for_main()
    {
        var story = new DeliveryStory().Commit(1).Head(1).Head(1, "staging").Commit(2, 1).Land(1, 2, "staging").Head(2, "staging").Build(2, GateStatus.Passed).Commit(3, 1, 2).Head(3);
        var onlyMain = new WorldShape { Staged = true, OnlyMain = true };
        Assert.Equal(GateStatus.Waiting, (await story.GateAsync(1, Gates.MainCi, onlyMain)).Status);
        story.Build(3, GateStatus.Passed);
        Assert.Equal(GateStatus.Passed, (await story.GateAsync(1, Gates.MainCi, onlyMain)).Status);
    }

    [Fact]
    public async Task A_landing_that_is_told_after_its_build_is_named_by_what_it_released()
    {
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Head(2).Land(1, 1).Build(2, GateStatus.Passed);
        Assert.Null((await story.GateAsync(1, Gates.MainCi)).Coverage!.ReleasedBy);
        story.Land(2, 2);
        Assert.Equal(Given.Pr(2), (await story.GateAsync(1, Gates.MainCi)).Coverage!.ReleasedBy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_failures_on_several_lines_the_nearest_speaks_whatever_line_was_known_first(bool mainFirst)
    {
        // 2 landed; 3 on one line and 4 on top of 5 on another failed. 4 is merged into 6, which failed too.
        var story = new DeliveryStory().Commit(1).Commit(2, 1).Land(1, 2);
        if (mainFirst) story.Commit(3, 2).Commit(5, 2).Commit(4, 5);
        else story.Commit(5, 2).Commit(4, 5).Commit(3, 2);
        story.Commit(6, 2, 4).Head(6);
        var (first, second, third) = (story.Next(), story.Next(), story.Next());
        story.Build(6, GateStatus.Failed, first).Build(3, GateStatus.Failed, second).Build(4, GateStatus.Failed, third);
        Assert.Equal(second, (await story.GateAsync(1, Gates.MainCi)).Since);
    }
}
