using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>A rollout that changed nothing about what runs, so far.</summary>
/// <param name="Status">How it stands.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was reported so.</param>
/// <param name="Commits">What it brings, as far as its commits are known.</param>
public sealed record LineAttempt(GateStatus Status, Reason Reason, DateTimeOffset At, IReadOnlyList<LineDeployment> Commits);
