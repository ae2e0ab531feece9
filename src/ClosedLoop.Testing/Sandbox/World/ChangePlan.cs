namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>The whole life of one change up to its end on the source host, decided before anything of it happens.</summary>
internal sealed record ChangePlan
{
    public required TimeSpan OpensAfter { get; init; }

    public required string Repository { get; init; }

    public required ChangeLink Link { get; init; }

    /// <summary>The work item that it is for; null: it stands for itself, under the number that its pull request gets.</summary>
    public string? WorkItem { get; init; }

    public required string Title { get; init; }

    public required string Branch { get; init; }

    public required string Author { get; init; }

    public required string Reviewer { get; init; }

    public required string HeadSha { get; init; }

    /// <summary>Opened as a draft, for this long.</summary>
    public TimeSpan? DraftFor { get; init; }

    /// <summary>Null: nobody reviews it.</summary>
    public TimeSpan? ReviewedAfter { get; init; }

    /// <summary>The first review asks for changes; approval follows this much later.</summary>
    public TimeSpan? ReworkedFor { get; init; }

    public required ChangeEnd End { get; init; }

    public required TimeSpan EndsAfter { get; init; }

    /// <summary>Every build that has it is red, until it is repaired or reverted.</summary>
    public bool BreaksMain { get; init; }

    /// <summary>The change that it reverts.</summary>
    public WorldChange? Reverts { get; init; }

    /// <summary>For a revert: when, after it has landed, it is itself reverted; null: never.</summary>
    public TimeSpan? ReappliedAfter { get; init; }

    /// <summary>The change that it repairs.</summary>
    public WorldChange? Repairs { get; init; }
}
