using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>A change of one due row. Rows are identified by subject and kind.</summary>
public sealed record DueChange
{
    /// <summary>What is due: an item, or a source.</summary>
    public required Key Subject { get; init; }

    /// <summary>What is to be done; see <see cref="DueKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>When; null removes the row.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>How a row that exists is treated.</summary>
    public DueMode Mode { get; init; }

    /// <summary>The fencing token of the claim that this change ends. When the row was claimed again since, the change is left out. 0: no claim.</summary>
    public long Token { get; init; }

    /// <summary>Text to keep with the row, such as a watermark; null keeps what is there.</summary>
    public string? Payload { get; init; }
}
