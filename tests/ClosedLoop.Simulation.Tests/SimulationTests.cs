namespace ClosedLoop.Simulation.Tests;

/// <summary>
/// G1 to G5 on the whole engine: several nodes on one store, providers, agents and faults in one thread on virtual time, each world from
/// one seed. More of them: <c>dotnet run -c Release --project tests/ClosedLoop.Simulation.Tests -- --seeds 5000</c>.
/// </summary>
public sealed class SimulationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(150)]
    public void The_record_is_the_truth_in_the_end_and_never_claims_more_on_the_way(int from)
    {
        for (int seed = from; seed < from + 50; seed++) Simulation.Run(SimulationOptions.Of(seed));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        foreach (int seed in (int[])[3, 13, 43])
        {
            var first = Simulation.Run(SimulationOptions.Of(seed));
            var second = Simulation.Run(SimulationOptions.Of(seed));
            Assert.Equal((first.Hash, first.Figures.Steps), (second.Hash, second.Figures.Steps));
            Assert.NotEqual(first.Hash, Simulation.Run(SimulationOptions.Of(seed + 1)).Hash);
        }
    }

    [Fact]
    public void A_day_of_a_busy_organisation_ends_as_its_truth()
    {
        var (figures, _) = Simulation.Run(SimulationOptions.Year(days: 1, seed: 1));
        Assert.InRange(figures.Items, 90, 180);
        Assert.True(figures is { WebhooksLost: > 0, Polls: > 0, Claims: > 500 });
    }
}
