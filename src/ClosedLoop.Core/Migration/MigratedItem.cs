namespace ClosedLoop.Migration;

/// <summary>An item from older records.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OpenedAt">When it was opened, as far as the older records know.</param>
public sealed record MigratedItem(string Id, DateTimeOffset OpenedAt)
{
    /// <summary>A title for people.</summary>
    public string? Title { get; init; }

    /// <summary>When the older records called it completed; null when they did not.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}
