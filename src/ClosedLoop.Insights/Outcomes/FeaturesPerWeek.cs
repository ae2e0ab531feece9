using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Outcomes;

/// <summary>
/// Features delivered by week: the first time that a feature went live and was not taken back within the settle window. One that is delivered again after that is not counted again.
/// </summary>
public sealed record FeaturesPerWeek
{
    /// <summary>How long a feature must stay live. Ours, since no source says.</summary>
    public static TimeSpan DefaultSettle { get; } = TimeSpan.FromDays(7);

    /// <summary>Delivered features by week, weeks without one included.</summary>
    public IReadOnlyDictionary<IsoWeek, int> Weeks { get; init; } = new Dictionary<IsoWeek, int>();

    /// <summary>Features that are live and not settled yet: censored.</summary>
    public int Pending { get; init; }

    /// <summary>Deliveries that were taken back within the window.</summary>
    public int RolledBack { get; init; }

    /// <summary>Measures deliveries of a window of whole weeks.</summary>
    public static FeaturesPerWeek Measure(IEnumerable<FeatureDelivery> deliveries, IsoWeek from, IsoWeek through, DateTimeOffset now, TimeSpan? settle = null)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        var window = settle ?? DefaultSettle;
        var weeks = new SortedDictionary<IsoWeek, int>();
        for (var week = from; week <= through; week = week.Add(1)) weeks[week] = 0;
        int pending = 0, rolledBack = 0;
        foreach (var feature in deliveries.GroupBy(static d => d.Feature, StringComparer.Ordinal))
        {
            foreach (var delivery in feature.OrderBy(static d => d.LiveAt))
            {
                if (delivery.RolledBackAt < delivery.LiveAt + window)
                {
                    rolledBack++;
                    continue;
                }
                if (delivery.LiveAt + window > now) pending++;
                else if (IsoWeek.Of(delivery.LiveAt) is var week && weeks.TryGetValue(week, out int count)) weeks[week] = count + 1;
                break;
            }
        }
        return new FeaturesPerWeek { Weeks = weeks, Pending = pending, RolledBack = rolledBack };
    }
}
