namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>A deployment in one of its states, as either path read it.</summary>
internal sealed record DeploymentSeen
{
    public required string Repository { get; init; }

    public required long Id { get; init; }

    public required string Commit { get; init; }

    public required string Environment { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string? Url { get; init; }
}
