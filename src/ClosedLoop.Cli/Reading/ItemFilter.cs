namespace ClosedLoop.Cli.Reading;

/// <summary>Which items to list, newest change first.</summary>
internal sealed record ItemFilter
{
    public string? Pipeline { get; init; }

    public string? WaitingOn { get; init; }

    public bool? IsDone { get; init; }

    public bool IsOverdue { get; init; }

    /// <summary>Part of the id, the title or the repository.</summary>
    public string? Text { get; init; }
}
