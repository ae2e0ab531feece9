namespace ClosedLoop.Simulation.Tests.World;

/// <summary>What an agent works on.</summary>
internal sealed record Item(string Id, DateTimeOffset OpenedAt)
{
    public List<Change> Changes { get; } = [];
}
