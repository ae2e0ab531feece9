namespace ClosedLoop.Lines;

/// <summary>Which part of a line to read.</summary>
public sealed record LineQuery
{
    /// <summary>The repository, <c>owner/name</c>, in any case.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch.</summary>
    public required string Branch { get; init; }

    /// <summary>Only commits older than this one, which is one of this line: the last of the page before. Null: from the newest on.</summary>
    public string? Before { get; init; }

    /// <summary>The most commits, 1 to 200. The default is 50.</summary>
    public int Limit { get; init; } = 50;
}
