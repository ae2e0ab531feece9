namespace ClosedLoop.LoadRig.Nodes;

/// <summary>What every node is told to send now: its share of the deliveries of some merges.</summary>
/// <param name="First">The first merge.</param>
/// <param name="Merges">How many.</param>
/// <param name="PerWeek">How many there are a week.</param>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="SameOrder">Whether all nodes have one order, so that the two that have a delivery send it at the same time; else each one has its own.</param>
internal sealed record Wave(int First, int Merges, int PerWeek, int Nodes, bool SameOrder);
