namespace ClosedLoop.Simulation.Tests.World;

/// <summary>A place where a repository's images run.</summary>
internal sealed class Target(string name)
{
    public string Name => name;

    public int Generation { get; set; }

    public int Checked { get; set; }

    public List<Rollout> Rollouts { get; } = [];

    public List<HealthCheck> Checks { get; } = [];
}
