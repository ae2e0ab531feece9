using System.Text.Json.Serialization;

namespace ClosedLoop.Outbox;

/// <summary>What a sink delivers.</summary>
public sealed record Notification
{
    /// <summary>Identifies the notification: one that arrives again with the same key is the same.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>What happened: <c>gate.overdue</c>, or <c>item.overdue</c> when an item was merged and is not done in time.</summary>
    public required string Type { get; init; }

    /// <summary>The item.</summary>
    public required string ItemId { get; init; }

    /// <summary>The item's title.</summary>
    public string? Title { get; init; }

    /// <summary>The gate; <c>done</c> when the item as a whole is meant.</summary>
    public string? Gate { get; init; }

    /// <summary>One sentence to act on.</summary>
    public required string Summary { get; init; }

    /// <summary>When the limit ran out, with the time for which its clock stood still.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When it was found.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where to look.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Uri? Evidence { get; init; }
}
