namespace ClosedLoop.LoadRig.Nodes;

/// <summary>What one node made of a wave.</summary>
/// <param name="Committed">Deliveries that were new.</param>
/// <param name="Duplicates">Deliveries that another node had taken.</param>
/// <param name="Refused">How often the store could not take one, so that it was sent again.</param>
/// <param name="Deadlocks">How often because of a deadlock (40P01).</param>
internal sealed record WaveResult(int Committed, int Duplicates, int Refused, int Deadlocks);
