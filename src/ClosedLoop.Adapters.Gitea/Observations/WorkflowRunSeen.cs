namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>A run of a workflow as a webhook brought it.</summary>
internal sealed record WorkflowRunSeen
{
    public required string Repository { get; init; }

    public required long Id { get; init; }

    public required long Attempt { get; init; }

    public required string Commit { get; init; }

    public required string Trigger { get; init; }

    public required string Status { get; init; }

    public required string? Conclusion { get; init; }

    public required string? Workflow { get; init; }

    public required string? Path { get; init; }

    public required string? Branch { get; init; }

    public required string? DefaultBranch { get; init; }

    public required string? Url { get; init; }

    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }
}
