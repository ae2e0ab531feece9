namespace ClosedLoop.Insights.Cost;

/// <summary>What one feature cost.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Amount">From the specification on, over all its changes, attempts that failed and rollbacks included.</param>
/// <param name="Changes">How many changes it had costs of.</param>
/// <param name="DeliveredAt">When it was delivered; null while it is not: then this is the cost of work in progress.</param>
/// <param name="IsEstimated">Whether a change that belongs to several features was split into equal parts for want of weights.</param>
public sealed record FeatureCost(string Feature, decimal Amount, int Changes, DateTimeOffset? DeliveredAt, bool IsEstimated)
{
    /// <summary>The quarter of the delivery, by which the trend is shown: <c>2026-Q1</c>; null while it is not delivered.</summary>
    public string? Quarter => DeliveredAt is { } at ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{at.UtcDateTime.Year:0000}-Q{((at.UtcDateTime.Month - 1) / 3) + 1}") : null;
}
