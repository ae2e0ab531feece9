namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>All samples of one metric.</summary>
/// <param name="Name">Its name by the rules of Prometheus.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Samples">Its samples.</param>
internal sealed record MetricFamily(string Name, string Type, string Help, IReadOnlyList<MetricSample> Samples);
