namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A check run of a commit as either path read it.</summary>
internal sealed record CheckSeen
{
    public required string Repository { get; init; }

    public required string Commit { get; init; }

    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>In lower case; GraphQL writes capitals.</summary>
    public required string Status { get; init; }

    /// <summary>In lower case; null until it is completed.</summary>
    public string? Conclusion { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? Url { get; init; }

    /// <summary>The workflow whose job it is, and what triggered that; null for other apps, and where it was not asked for.</summary>
    public string? Workflow { get; init; }

    public string? Trigger { get; init; }

    /// <summary>The app that reports it, by its short name; null where it was not asked for.</summary>
    public string? App { get; init; }

    /// <summary>The suite that it is in: one run of a workflow, however often it was run again. Null where it was not asked for.</summary>
    public long? Suite { get; init; }

    /// <summary>Whether the branch's rules ask for it; null where that was not asked.</summary>
    public bool? IsRequired { get; init; }

    /// <summary>The latest instant that it names.</summary>
    public DateTimeOffset? Latest => StartedAt is null || CompletedAt > StartedAt ? CompletedAt ?? StartedAt : StartedAt;
}
