namespace ClosedLoop.Insights.Records;

/// <summary>A commit with its parents.</summary>
/// <param name="Sha">Its id.</param>
/// <param name="CommittedAt">When it was committed; null when that is not known.</param>
/// <param name="Parents">The ids of its parents.</param>
public sealed record CommitRecord(string Sha, DateTimeOffset? CommittedAt, params IReadOnlyList<string> Parents);
