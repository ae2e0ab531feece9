namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>A pipeline in one of its states, as either path read it.</summary>
internal sealed record PipelineSeen
{
    public required string Repository { get; init; }

    public required long Id { get; init; }

    public required string Commit { get; init; }

    public required string Reference { get; init; }

    public required bool IsTag { get; init; }

    /// <summary>What started it: <c>push</c>, <c>merge_request_event</c>, …; null where an old GitLab does not say.</summary>
    public required string? Source { get; init; }

    public required string? DefaultBranch { get; init; }

    public required string Status { get; init; }

    /// <summary>Whether a job failed that may fail.</summary>
    public required bool HasWarnings { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The latest time at which it or one of its jobs moved.</summary>
    public required DateTimeOffset MovedAt { get; init; }

    public required string? Url { get; init; }
}
