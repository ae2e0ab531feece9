namespace ClosedLoop.Facts;

/// <summary>The roles that the default pipeline's gates accept (mission/002: the writer is the system closest to the gate).</summary>
public static class WriterRoles
{
    /// <summary>An agent that builds changes.</summary>
    public const string Agent = "agent";

    /// <summary>The source host: pull requests, reviews, merges.</summary>
    public const string SourceControl = "scm";

    /// <summary>A CI system.</summary>
    public const string Ci = "ci";

    /// <summary>An image registry.</summary>
    public const string Registry = "registry";

    /// <summary>A deploy controller.</summary>
    public const string Deployer = "deployer";

    /// <summary>A health check job or monitor.</summary>
    public const string Health = "health";

    /// <summary>A named person, who may record or waive any gate that allows it, visibly.</summary>
    public const string Person = "person";

    /// <summary>The host application itself: opens items, links keys, migrates history.</summary>
    public const string Host = "host";
}
