using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>A merge or pull request as either path read it: webhook and API come together here, so that equal states give equal facts.</summary>
internal sealed record ChangeSeen
{
    public required string Repository { get; init; }

    public required long Number { get; init; }

    public required ChangeState State { get; init; }

    /// <summary>The host's own word, for messages.</summary>
    public required string Word { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Head { get; init; }

    public required string HeadBranch { get; init; }

    /// <summary>The repository of the head branch; null when it is not known or gone.</summary>
    public string? HeadRepository { get; init; }

    public required string BaseBranch { get; init; }

    public string? Title { get; init; }

    public string? Body { get; init; }

    /// <summary>Whether it spoke of reverting before the edit that is announced; only a webhook knows.</summary>
    public bool MentionedReverts { get; init; }

    public string? Url { get; init; }

    public bool IsDraft { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public DateTimeOffset? MergedAt { get; init; }

    /// <summary>The commit on the base branch; null when it is not known (yet).</summary>
    public string? Landing { get; init; }

    /// <summary>The order of what is said of a merge; null: as of everything else.</summary>
    public Ordinal? MergedOrdinal { get; init; }

    /// <summary>The order of the landing; null: by the time of the merge.</summary>
    public Ordinal? LandingOrdinal { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];
}
