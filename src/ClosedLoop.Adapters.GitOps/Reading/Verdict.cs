using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>What an object says of one gate.</summary>
internal readonly record struct Verdict(GateStatus Status, Reason Reason, string Detail, Ordinal Ordinal, DateTimeOffset At);
