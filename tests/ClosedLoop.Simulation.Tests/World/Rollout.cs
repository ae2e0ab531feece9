using ClosedLoop.Facts;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>What a target reported of a rollout: one entry of its history.</summary>
/// <param name="Images">What it speaks of; while old and new serve together, both.</param>
internal sealed record Rollout(DateTimeOffset At, Ordinal Ordinal, GateStatus Status, IReadOnlyList<Image> Images)
{
    /// <summary>Whether it says what serves, and not only what is wanted.</summary>
    public bool SaysWhatRuns => Status == GateStatus.Passed || (Status == GateStatus.Running && Images.Count > 1);
}

/// <summary>What a health check saw of what runs.</summary>
internal sealed record HealthCheck(DateTimeOffset At, Ordinal Ordinal, GateStatus Status, Image Image);
