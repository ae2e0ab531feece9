namespace ClosedLoop.Storage;

/// <summary>Which part of the transition log to read.</summary>
public sealed record TransitionQuery
{
    /// <summary>Only those after this place in the log. The default is 0: from the start.</summary>
    public long After { get; init; }

    /// <summary>Only those of one item.</summary>
    public string? ItemId { get; init; }

    /// <summary>Only those before this place in the log. The default is null: to the end.</summary>
    public long? Before { get; init; }

    /// <summary>Whether the newest come first; the next page is then what is <see cref="Before"/> the last one. The default is false.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>The most to return, 1 to 1,000. The default is 100.</summary>
    public int Limit { get; init; } = 100;
}
