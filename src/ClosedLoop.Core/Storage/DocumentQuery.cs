namespace ClosedLoop.Storage;

/// <summary>Which documents to read: those whose name begins with a prefix, in the order of their names' bytes.</summary>
public sealed record DocumentQuery
{
    /// <summary>How the names begin; not empty.</summary>
    public required string Prefix { get; init; }

    /// <summary>Only those after this name; null: from the first.</summary>
    public string? After { get; init; }

    /// <summary>The most to return, 1 to 1,000. The default is 1,000.</summary>
    public int Limit { get; init; } = 1_000;
}
