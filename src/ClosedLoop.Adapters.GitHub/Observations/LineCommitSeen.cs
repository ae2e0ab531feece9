namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A commit of a line with its message, as either path read it.</summary>
internal sealed record LineCommitSeen
{
    public required string Repository { get; init; }

    public required string Commit { get; init; }

    /// <summary>The line that it was seen on; null when it was read by itself, because something runs it.</summary>
    public required string? Branch { get; init; }

    /// <summary>Whether that is the repository's default branch.</summary>
    public required bool OnDefaultBranch { get; init; }

    public required string? Message { get; init; }

    /// <summary>When it was committed, by the committer's machine.</summary>
    public required DateTimeOffset At { get; init; }
}
