using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Core.Tests.Items;

public sealed class GateSeriesTests
{
    private static readonly string[] Jobs = ["web", "e2e", "lint", "docs"];
    private static readonly GateStatus[] Statuses = Enum.GetValues<GateStatus>();

    [Fact]
    public void A_few_runs_and_many_are_reduced_alike()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            List<Fact> few = [.. Enumerable.Range(0, random.Next(2, 12)).Select(i => Run(i, Jobs[random.Next(Jobs.Length)], Statuses[random.Next(Statuses.Length)]))];
            // Each of a series of its own.
            Fact[] others = [.. Enumerable.Range(100, 20).Select(static i => Run(i, $"other-{i}", GateStatus.Passed))];
            Assert.Equal([.. Spoken(few), .. others], Spoken([.. few, .. others]));
        }
    }

    [Fact]
    public void What_was_reduced_before_leaves_nothing()
    {
        var spoken = new List<Fact> { Run(1, "web", GateStatus.Failed) };
        GateSeries.Group([Run(2, "web", GateStatus.Passed)], spoken);
        Assert.Equal(GateStatus.Passed, Assert.Single(spoken).Status);
    }

    private static List<Fact> Spoken(List<Fact> facts)
    {
        var spoken = new List<Fact>();
        GateSeries.Group(facts, spoken);
        return spoken;
    }

    private static Fact Run(int number, string job, GateStatus status) => Given.Built(number, job, status, Reason.None, number, "a1");
}
