namespace ClosedLoop.Insights.Outcomes;

/// <summary>A feature went live.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="LiveAt">When all its changes were done.</param>
/// <param name="RolledBackAt">When it was taken back; null when it was not.</param>
public sealed record FeatureDelivery(string Feature, DateTimeOffset LiveAt, DateTimeOffset? RolledBackAt = null);
