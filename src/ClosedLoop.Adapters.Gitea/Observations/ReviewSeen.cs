namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>A review as either path read it.</summary>
internal sealed record ReviewSeen
{
    public required string Repository { get; init; }

    public required long Number { get; init; }

    /// <summary>0 where it is not known: a webhook does not tell.</summary>
    public required long Id { get; init; }

    /// <summary>The API's word, such as <c>APPROVED</c>.</summary>
    public required string State { get; init; }

    public required bool IsDismissed { get; init; }

    public required string Reviewer { get; init; }

    public required string Author { get; init; }

    /// <summary>When it was last changed: a dismissal keeps the time of the review.</summary>
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public required string? Commit { get; init; }

    public required string? Url { get; init; }
}
