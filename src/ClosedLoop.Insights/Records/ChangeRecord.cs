namespace ClosedLoop.Insights.Records;

/// <summary>A pull or merge request, as far as metrics need it. What the record of gates does not hold (first commit, comments, author) comes from the source host.</summary>
public sealed record ChangeRecord
{
    /// <summary>Its id, unique among those that are measured together.</summary>
    public required string Id { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was merged; null when it is not.</summary>
    public DateTimeOffset? MergedAt { get; init; }

    /// <summary>The commit by which it is on its line.</summary>
    public string? MergeCommit { get; init; }

    /// <summary>When the earliest of its commits was authored; null when that is not known.</summary>
    public DateTimeOffset? FirstCommitAt { get; init; }

    /// <summary>Who opened it; null when that is not known.</summary>
    public string? Author { get; init; }

    /// <summary>Its reviews and comments, in any order.</summary>
    public IReadOnlyList<ReviewComment> Comments { get; init; } = [];
}
