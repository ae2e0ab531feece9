namespace ClosedLoop.Alerting.Causes;

/// <summary>One item that a cause holds up.</summary>
internal sealed record Holdup
{
    public required string ItemId { get; init; }

    public required Cause Cause { get; init; }

    /// <summary>Since when the item waits at the gate.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether one of its limits ran out; when not, it is only on a line that is red.</summary>
    public required bool IsOverdue { get; init; }

    /// <summary>Since when its line is red, as far as this item shows it.</summary>
    public DateTimeOffset? RedSince { get; init; }

    public string? Title { get; init; }

    public string? Priority { get; init; }

    public string? Detail { get; init; }

    public Uri? Evidence { get; init; }
}
