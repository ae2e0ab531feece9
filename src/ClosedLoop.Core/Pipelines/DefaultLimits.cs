namespace ClosedLoop.Pipelines;

/// <summary>How long each default gate may take before it alerts (mission/002, the table of gates).</summary>
public static class DefaultLimits
{
    /// <summary>2 hours without a review.</summary>
    public static readonly TimeSpan Review = TimeSpan.FromHours(2);

    /// <summary>30 minutes with the build pending.</summary>
    public static readonly TimeSpan MainCi = TimeSpan.FromMinutes(30);

    /// <summary>15 minutes after CI is green.</summary>
    public static readonly TimeSpan Image = TimeSpan.FromMinutes(15);

    /// <summary>10 minutes after the image.</summary>
    public static readonly TimeSpan Rollout = TimeSpan.FromMinutes(10);

    /// <summary>24 hours from the merge to DONE.</summary>
    public static readonly TimeSpan Done = TimeSpan.FromHours(24);

    /// <summary>5 minutes after the rollout.</summary>
    public static readonly TimeSpan Health = TimeSpan.FromMinutes(5);
}
