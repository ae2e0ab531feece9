using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>What the newest looks of a check come to.</summary>
internal sealed record CheckVerdict(GateStatus Status, Reason Reason, string Detail);
