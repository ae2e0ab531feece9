namespace ClosedLoop.Storage;

/// <summary>Which items to count on the board. All filters together.</summary>
public sealed record BoardQuery
{
    /// <summary>Only those of one pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Only open ones of one repository, exactly as the item names it.</summary>
    public string? Repository { get; init; }

    /// <summary>Only open ones that this agent made; see <see cref="Items.Provenance.Agent"/>. Compared exactly.</summary>
    public string? Agent { get; init; }

    /// <summary>Only open ones of this priority, exactly as the item names it.</summary>
    public string? Priority { get; init; }

    /// <summary>
    /// Whether only open items are counted, those that are neither done nor abandoned. True with a repository, an agent or a priority, whatever is set: what is closed is
    /// counted by pipeline alone, so that its number costs nothing.
    /// </summary>
    public bool OpenOnly { get; init; }

    /// <summary>Whether closed items are left out: <see cref="OpenOnly"/>, or one of the filters that imply it.</summary>
    public bool LeavesOutClosed => OpenOnly || Repository is not null || Agent is not null || Priority is not null;
}
