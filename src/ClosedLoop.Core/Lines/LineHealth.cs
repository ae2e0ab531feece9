using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What a check says of the version that runs at a target.</summary>
/// <param name="Status">How it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was checked.</param>
/// <param name="Writer">Who checked.</param>
public sealed record LineHealth(GateStatus Status, Reason Reason, DateTimeOffset At, Writer Writer);
