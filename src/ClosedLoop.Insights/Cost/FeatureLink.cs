namespace ClosedLoop.Insights.Cost;

/// <summary>Says that a change belongs to a feature.</summary>
/// <param name="Change">The change.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Weight">Its part where a change belongs to several, above 0; null: equal parts, and the feature's cost is marked as estimated.</param>
public sealed record FeatureLink(string Change, string Feature, decimal? Weight = null);
