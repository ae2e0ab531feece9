namespace ClosedLoop.Adapters.Health;

/// <summary>How a sample has to stand to its limit.</summary>
public enum HealthComparison
{
    /// <summary>Not above it. The default, for error rates and latencies.</summary>
    AtMost = 0,

    /// <summary>Below it.</summary>
    Below = 1,

    /// <summary>Not below it, for success rates.</summary>
    AtLeast = 2,

    /// <summary>Above it.</summary>
    Above = 3,
}
