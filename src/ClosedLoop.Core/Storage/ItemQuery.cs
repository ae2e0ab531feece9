namespace ClosedLoop.Storage;

/// <summary>Which items to list, newest change first.</summary>
public sealed record ItemQuery
{
    /// <summary>Only those of one pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Only those that wait on this gate.</summary>
    public string? WaitingOn { get; init; }

    /// <summary>Only done, or only not done.</summary>
    public bool? IsDone { get; init; }

    /// <summary>Only those with a limit that ran out before this instant.</summary>
    public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>Only those whose id, title or repository contains this text, ignoring ASCII case.</summary>
    public string? Text { get; init; }

    /// <summary>The cursor of the page before; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>The most to return, 1 to 500. The default is 50.</summary>
    public int Limit { get; init; } = 50;
}
