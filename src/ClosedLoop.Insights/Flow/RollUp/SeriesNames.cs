namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>The series of a pipeline and of an environment.</summary>
internal static class SeriesNames
{
    /// <summary>Milliseconds from opened to done, in the week of the completion.</summary>
    public const string Lead = "lead";

    /// <summary>Since when items are merged and not done, in milliseconds since 1970; for as long as they are.</summary>
    public const string Merged = "merged";

    /// <summary>What happened in an environment: milliseconds since 1970, times four, plus the <see cref="DeploymentEventKind"/>.</summary>
    public const string Deployments = "deployments";

    private const string TimePrefix = "time:";
    private const string WaitPrefix = "wait:";
    private const string AfterPrefix = "after:";

    /// <summary>Milliseconds that items waited at a gate, in the week in which they left it.</summary>
    public static string Time(string gate) => TimePrefix + gate;

    /// <summary>Since when open items wait at a gate, in milliseconds since 1970; for as long as they do.</summary>
    public static string Wait(string gate) => WaitPrefix + gate;

    /// <summary>The same for items that are done.</summary>
    public static string After(string gate) => AfterPrefix + gate;

    /// <summary>Whether a series holds what is so now: it ends with that, and not with age.</summary>
    public static bool IsStanding(string series) => series == Merged || series.StartsWith(WaitPrefix, StringComparison.Ordinal);
}
