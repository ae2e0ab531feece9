namespace ClosedLoop.Insights.Dora;

/// <summary>The bands of performance that DORA's reports used until 2024.</summary>
public enum DoraBand
{
    /// <summary>The lowest.</summary>
    Low = 0,

    /// <summary>Below the middle.</summary>
    Medium = 1,

    /// <summary>Above the middle.</summary>
    High = 2,

    /// <summary>The highest.</summary>
    Elite = 3,
}
