namespace ClosedLoop.Insights.Records;

/// <summary>A review or a comment on a pull request.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Author">Who wrote it; null when that is not known.</param>
public sealed record ReviewComment(DateTimeOffset At, string? Author);
