namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>Something that happened to an environment.</summary>
internal readonly record struct DeploymentEvent(DateTimeOffset At, DeploymentEventKind Kind)
{
    /// <summary>As one number, in the order of time.</summary>
    public long Packed => (At.ToUnixTimeMilliseconds() * 4) + (int)Kind;

    public static DeploymentEvent Unpack(long packed) => new(DateTimeOffset.FromUnixTimeMilliseconds(packed >> 2), (DeploymentEventKind)(packed & 3));
}
