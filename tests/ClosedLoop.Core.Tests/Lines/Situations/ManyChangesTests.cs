using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>One build that concerns more changes than one transaction takes.</summary>
public sealed class ManyChangesTests
{
    private const int Count = 2_500;

    [Fact]
    public async Task A_build_that_releases_thousands_of_changes_does_so_in_steps_that_survive_a_restart()
    {
        using var world = new LineWorld();
        foreach (int[] part in Enumerable.Range(1, Count).Chunk(500))
            await world.TellAsync(1, [.. part.SelectMany(Landed)], [.. part.Select(Node)]);
        await world.Repository().PassAsync($"c{Count}", at: 5);

        // The change that landed at the commit is linked to its build, and so is always among the first.
        Assert.InRange(await ReleasedAsync(world.Loop), BatchFold.MaxConcerned, BatchFold.MaxConcerned + 1);
        using var next = new LoopFixture(l => l.AddPipeline("delivery", static p => p.UseDefaultGates().DoneWhen(Done.Healthy)), world.Loop.Store, world.Loop.Time);
        await next.Engine.RunDueAsync(default);
        Assert.Equal(Count, await ReleasedAsync(next));
        Assert.False(await next.Get<LineWork>().RunOnceAsync(default));
    }

    [Fact]
    public async Task What_lands_between_two_steps_is_judged_as_if_there_were_none()
    {
        using var world = new LineWorld();
        foreach (int[] part in Enumerable.Range(1, Count).Chunk(500))
            await world.TellAsync(1, [.. part.SelectMany(Landed)], [.. part.Select(Node)]);
        await world.Repository().PassAsync($"c{Count}", at: 5);
        await world.TellAsync(6, [.. Landed(Count + 1)], Node(Count + 1));
        await world.Repository().FailAsync($"c{Count}", at: 7);
        await world.Loop.Engine.RunDueAsync(default);

        Assert.Equal(0, await ReleasedAsync(world.Loop));
        Assert.Equal(Count, (await world.Loop.ItemsAsync()).Count(static r => r.State.Gate(Gates.MainCi)!.Status == GateStatus.Failed));
    }

    private static async Task<int> ReleasedAsync(LoopFixture loop) =>
        (await loop.ItemsAsync()).Count(static r => r.State.Gate(Gates.MainCi)!.Status == GateStatus.Passed);

    private static CommitNode Node(int i) => new("acme/web", LineWorld.Sha($"c{i}"), i == 1 ? [] : [LineWorld.Sha($"c{i - 1}")]);

    private static Fact[] Landed(int i) =>
    [
        Given.Merged(i, 1),
        Given.Of(Given.Scm, Given.Commit(LineWorld.Sha($"c{i}")), FactKinds.Landing, 1, links: Given.Pr(i)) with { Revision = LineWorld.Sha($"c{i}"), Attributes = TestRepository.Attributes((FactAttributes.Branch, "main")) },
    ];
}
