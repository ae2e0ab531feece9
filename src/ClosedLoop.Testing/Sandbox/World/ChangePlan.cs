namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>The whole life of one change up to its end on the source host, decided before anything happens.</summary>
internal sealed record ChangePlan
{
    public required TimeSpan OpensAfter { get; init; }

    public required string Repository { get; init; }

    public required int Number { get; init; }

    public required ChangeLink Link { get; init; }

    /// <summary>The id under which the record should know it.</summary>
    public required string ItemId { get; init; }

    public required string Title { get; init; }

    public required string Branch { get; init; }

    public required string Author { get; init; }

    public required string Reviewer { get; init; }

    public required string HeadSha { get; init; }

    public required string LandingSha { get; init; }

    /// <summary>Opened as a draft, for this long.</summary>
    public TimeSpan? DraftFor { get; init; }

    /// <summary>Null: nobody reviews it.</summary>
    public TimeSpan? ReviewedAfter { get; init; }

    /// <summary>The first review asks for changes; approval follows this much later.</summary>
    public TimeSpan? ReworkedFor { get; init; }

    public required ChangeEnd End { get; init; }

    public required TimeSpan EndsAfter { get; init; }
}
