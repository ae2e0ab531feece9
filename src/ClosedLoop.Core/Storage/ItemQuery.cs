namespace ClosedLoop.Storage;

/// <summary>Which items to list. All filters together: an item has to pass each of them.</summary>
public sealed record ItemQuery
{
    /// <summary>Only those of one pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Only those that wait on this gate.</summary>
    public string? WaitingOn { get; init; }

    /// <summary>Only those that stand after this gate, whose <see cref="Items.ItemState.CurrentGate"/> it is; an empty text: those that stand before the first.</summary>
    public string? CurrentGate { get; init; }

    /// <summary>Only those of one repository, exactly as the item names it.</summary>
    public string? Repository { get; init; }

    /// <summary>Only those that this agent made; see <see cref="Items.Provenance.Agent"/>. Compared exactly.</summary>
    public string? Agent { get; init; }

    /// <summary>Only those of this priority, exactly as the item names it.</summary>
    public string? Priority { get; init; }

    /// <summary>Only done, or only not done. What was abandoned is not done.</summary>
    public bool? IsDone { get; init; }

    /// <summary>Only open, that is neither done nor abandoned; or only what is one of both.</summary>
    public bool? IsOpen { get; init; }

    /// <summary>Only those with a limit that ran out before this instant.</summary>
    public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>Only those whose id, title or repository contains this text, ignoring ASCII case.</summary>
    public string? Text { get; init; }

    /// <summary>In which order; newest change first by default.</summary>
    public ItemOrder Order { get; init; }

    /// <summary>The cursor of the page before, of the same order; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>The most to return, 1 to 500. The default is 50.</summary>
    public int Limit { get; init; } = 50;
}
