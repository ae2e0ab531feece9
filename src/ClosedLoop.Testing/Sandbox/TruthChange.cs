using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>One change of the sandbox's world: from <paramref name="At"/> on, this is how things really are.</summary>
/// <param name="ItemId">The item's id, as the record should call it.</param>
/// <param name="Gate">The gate's name, one of <see cref="Gates"/>.</param>
/// <param name="Status">The true status from then on.</param>
/// <param name="At">When the world changed, before anybody was told.</param>
public sealed record TruthChange(string ItemId, string Gate, GateStatus Status, DateTimeOffset At);
