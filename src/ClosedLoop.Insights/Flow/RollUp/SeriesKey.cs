using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>Names one sorted list of values: what of, and in which week.</summary>
/// <param name="Owner">The pipeline or the environment.</param>
/// <param name="Series">Which values; see <see cref="SeriesNames"/>.</param>
/// <param name="Week">The week in which they happened.</param>
internal readonly record struct SeriesKey(string Owner, string Series, IsoWeek Week);
