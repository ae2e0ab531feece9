namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A run of a workflow as a webhook brought it.</summary>
internal sealed record WorkflowRunSeen
{
    public required string Repository { get; init; }

    public required long Id { get; init; }

    public required long Attempt { get; init; }

    public required string Commit { get; init; }

    /// <summary>What started it: <c>push</c>, <c>pull_request</c>, …</summary>
    public required string Trigger { get; init; }

    public required string Status { get; init; }

    public string? Conclusion { get; init; }

    public string? Workflow { get; init; }

    /// <summary>The workflow file's path in the repository.</summary>
    public string? Path { get; init; }

    public string? Url { get; init; }

    public long Number { get; init; }

    public required DateTimeOffset At { get; init; }
}
