namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A commit status (the older interface, which Jenkins and many others report through) as either path read it.</summary>
internal sealed record CommitStatusSeen
{
    public required string Repository { get; init; }

    public required string Commit { get; init; }

    public required string Context { get; init; }

    /// <summary>In lower case: <c>pending</c>, <c>expected</c>, <c>success</c>, <c>failure</c> or <c>error</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Url { get; init; }

    /// <summary>Whether the branch's rules ask for it; null where that was not asked.</summary>
    public bool? IsRequired { get; init; }
}
