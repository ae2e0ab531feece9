namespace ClosedLoop.Insights.Review;

/// <summary>One stay of a pull request in the merge queue.</summary>
/// <param name="Change">Its id.</param>
/// <param name="EnteredAt">When it was queued, all its gates satisfied.</param>
/// <param name="LeftAt">When it left; null while it waits.</param>
/// <param name="IsMerged">Whether it left by being merged.</param>
public sealed record QueueStay(string Change, DateTimeOffset EnteredAt, DateTimeOffset? LeftAt, bool IsMerged);
