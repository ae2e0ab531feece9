namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A deployment in one of its states, as either path read it.</summary>
internal sealed record DeploymentSeen
{
    public required string Repository { get; init; }

    public required long Id { get; init; }

    public required string Commit { get; init; }

    public required string Environment { get; init; }

    /// <summary>What is deployed there, when that is not simply everything: GitHub's task, <c>deploy</c> unless somebody chose another.</summary>
    public string? Task { get; init; }

    /// <summary>In lower case; <c>created</c> for the deployment itself before its first status.</summary>
    public required string State { get; init; }

    /// <summary>When the status was made, or the deployment.</summary>
    public required DateTimeOffset At { get; init; }

    public string? Url { get; init; }

    /// <summary>The state of a deployment that has no status yet.</summary>
    public const string Created = "created";

    /// <summary>The state of a deployment that a newer one replaced.</summary>
    public const string Inactive = "inactive";
}
