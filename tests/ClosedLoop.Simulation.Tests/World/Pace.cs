namespace ClosedLoop.Simulation.Tests.World;

/// <summary>How fast a world goes and how often things go wrong in it.</summary>
internal sealed record Pace
{
    public required TimeSpan BetweenItems { get; init; }

    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan Build { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan Image { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Rollout { get; init; } = TimeSpan.FromSeconds(40);

    public TimeSpan Check { get; init; } = TimeSpan.FromSeconds(30);

    public double Abandoned { get; init; } = 0.1;

    public double Reverted { get; init; } = 0.12;

    public double Red { get; init; } = 0.25;

    public double Cancelled { get; init; } = 0.25;

    public double FailedRollout { get; init; } = 0.12;

    public double Unhealthy { get; init; } = 0.2;
}
