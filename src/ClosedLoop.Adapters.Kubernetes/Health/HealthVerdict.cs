namespace ClosedLoop.Adapters.Kubernetes.Health;

/// <summary>A resource's health and why.</summary>
internal readonly record struct HealthVerdict(HealthStatus Status, string Message)
{
    public static HealthVerdict Healthy { get; } = new(HealthStatus.Healthy, "");

    /// <summary>The worse of two; of equally bad ones the first.</summary>
    public static HealthVerdict Worse(HealthVerdict left, HealthVerdict right) => right.Status > left.Status ? right : left;
}
