namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>An event about a Deployment, kept in the cluster and sent as a webhook.</summary>
internal sealed record ClusterEvent
{
    public required int Sequence { get; init; }

    public required string Deployment { get; init; }

    public required string Uid { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }

    /// <summary>The image that it is about, by digest.</summary>
    public required string Image { get; init; }

    /// <summary>The image that still serves beside it, if one does.</summary>
    public required string? PreviousImage { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset At { get; init; }
}
