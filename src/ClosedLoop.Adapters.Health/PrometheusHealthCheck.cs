namespace ClosedLoop.Adapters.Health;

/// <summary>A question to Prometheus, or to anything that answers its HTTP API.</summary>
public sealed class PrometheusHealthCheck : HealthCheckOptions
{
    /// <summary>What stands in a query for the version that runs, as the label has it.</summary>
    public const string VersionPlaceholder = "$version";

    /// <summary>Where Prometheus is: an absolute http or https address with its own path. Required.</summary>
    public Uri? Address { get; set; }

    /// <summary>
    /// The PromQL expression; every sample that it gives must hold. <c>$version</c> stands for the version that runs: let it select that version's series, or
    /// the figures are those of old and new together. Required.
    /// </summary>
    public string Query { get; set; } = "";

    /// <summary>How samples must stand to the limit. The default is <see cref="HealthComparison.AtMost"/>.</summary>
    public HealthComparison Comparison { get; set; }

    /// <summary>The limit. This or <see cref="BaselineQuery"/> is required.</summary>
    public double? Threshold { get; set; }

    /// <summary>A PromQL expression with one sample: the limit is that, times <see cref="BaselineFactor"/>.</summary>
    public string? BaselineQuery { get; set; }

    /// <summary>What the baseline is multiplied with; above 0. The default is 1.</summary>
    public double BaselineFactor { get; set; } = 1;

    /// <summary>
    /// A PromQL expression whose series carry the running version in <see cref="VersionLabel"/>, such as <c>build_info{job="shop"}</c>. All must agree. The default is null.
    /// </summary>
    public string? VersionQuery { get; set; }

    /// <summary>The label with a full commit id, a digest, or an image with one (<c>image_id</c>). The default is <c>revision</c>.</summary>
    public string VersionLabel { get; set; } = "revision";
}
