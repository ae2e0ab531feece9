namespace ClosedLoop.Insights;

/// <summary>How flow is rolled up. Checked at start; every message names the option and the fix.</summary>
public sealed class InsightsOptions
{
    /// <summary>How often the roll-up takes in what changed. The default is 5 s; 1 s to 10 min.</summary>
    public TimeSpan RollUpInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many weeks a report shows, the present one included. The default is 26; 2 to 520.</summary>
    public int Weeks { get; set; } = 26;

    /// <summary>The target for merges a week. The default is 1,000, the "sustained" of mission/001; 1 or more.</summary>
    public int TargetMergesPerWeek { get; set; } = 1_000;
}
