using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>A target is one subject that speaks of one version after the other, and of rollouts and health: each fact counts for what it links itself.</summary>
public sealed class SharedTargetTests : IDisposable
{
    private static readonly string First = new('0', 40), Landing = new('a', 40);
    private readonly LoopFixture _loop = new();

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_runs_by_an_unknown_image_does_not_pass_because_the_last_health_check_was_of_a_known_one(bool historyIsKnown)
    {
        await _loop.Get<IIntake>().SubmitAsync(LoopFixture.Submission(
            Given.PrOpen(1, 1, Given.Item(1)), Given.Merged(1, 3), Given.Landed(Landing, 1, 3), Given.Built(1, GateStatus.Passed, 5, Landing), Given.ImageBuilt("one", 6, Given.Commit(Landing))) with
        {
            History = historyIsKnown ? [new CommitNode(Given.Repository, First, []), new CommitNode(Given.Repository, Landing, [First])] : [],
        });
        await _loop.TakeAsync(Given.Runs("production", "one", 8), Checked("one", GateStatus.Failed, 9));
        await _loop.TakeAsync(Given.Runs("production", "other", 10));
        var gate = await _loop.GateAsync("BL-1", Gates.RolledOut);
        Assert.False(gate.Status == GateStatus.Passed && gate.Since == Given.At(10), $"{gate.Status} since {gate.Since} by {gate.Subject} although production/web runs another image");
    }

    private static Fact Checked(string digest, GateStatus status, double minute) =>
        Given.Of(Given.Health, Key.Environment("production/web"), Gates.Healthy, minute, status, links: Given.Image(digest)) with { Name = "web", Environment = "production" };
}
