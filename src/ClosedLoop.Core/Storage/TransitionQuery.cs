namespace ClosedLoop.Storage;

/// <summary>Which part of the transition log to read.</summary>
public sealed record TransitionQuery
{
    /// <summary>Only those after this place in the log. The default is 0: from the start.</summary>
    public long After { get; init; }

    /// <summary>Only those of one item.</summary>
    public string? ItemId { get; init; }

    /// <summary>The most to return, 1 to 1,000. The default is 100.</summary>
    public int Limit { get; init; } = 100;
}
