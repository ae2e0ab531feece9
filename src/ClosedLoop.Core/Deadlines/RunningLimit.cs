namespace ClosedLoop.Deadlines;

/// <summary>A limit that runs, as calendars see it.</summary>
public sealed record RunningLimit
{
    /// <summary>The item's pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The gate, or <see cref="Items.ItemState.DoneClock"/> for the limit from the merge to DONE.</summary>
    public required string Gate { get; init; }

    /// <summary>The item's repository, when known.</summary>
    public string? Repository { get; init; }

    /// <summary>The item's priority, when known.</summary>
    public string? Priority { get; init; }

    /// <summary>When its clock began.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When it runs out if its clock never stands still.</summary>
    public required DateTimeOffset RunsOutAt { get; init; }
}
