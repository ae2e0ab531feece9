using System.Diagnostics.Metrics;

namespace ClosedLoop.Diagnostics;

/// <summary>Bounds of histograms. Deliveries take from seconds to weeks; the customary bounds end at ten seconds.</summary>
internal static class DurationBuckets
{
    /// <summary>1 s to 30 days.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 259_200, 604_800, 2_592_000],
    };
}
