namespace ClosedLoop.Cli.Reading;

/// <summary>What a person needs of an open incident.</summary>
internal sealed record IncidentLine
{
    public required string Id { get; init; }

    public required string Cause { get; init; }

    public required string State { get; init; }

    public required string Severity { get; init; }

    public required string Title { get; init; }

    public required string Summary { get; init; }

    public required string NextAction { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required int Count { get; init; }

    public required IReadOnlyList<string> Items { get; init; }

    public string? Owner { get; init; }
}
