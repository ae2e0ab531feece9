namespace ClosedLoop;

/// <summary>The names of the default gates, in order (mission/002).</summary>
public static class Gates
{
    /// <summary>A pull request exists for the item.</summary>
    public const string PrOpened = "pr-opened";

    /// <summary>A reviewer approved it.</summary>
    public const string Reviewed = "reviewed";

    /// <summary>It is merged.</summary>
    public const string Merged = "merged";

    /// <summary>CI on the target branch is green for a commit that contains it.</summary>
    public const string MainCi = "main-ci";

    /// <summary>An image that contains it is in the registry.</summary>
    public const string ImageBuilt = "image-built";

    /// <summary>The environment runs that image.</summary>
    public const string RolledOut = "rolled-out";

    /// <summary>What runs was verified after the rollout.</summary>
    public const string Healthy = "healthy";

    /// <summary>All default gates, in order.</summary>
    public static IReadOnlyList<string> Default { get; } = [PrOpened, Reviewed, Merged, MainCi, ImageBuilt, RolledOut, Healthy];
}
