using System.Collections.Immutable;

namespace ClosedLoop.Alerting.Causes;

/// <summary>What is seen of a cause at an instant.</summary>
internal sealed record CauseView
{
    public required Cause Cause { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Title { get; init; }

    public required string Summary { get; init; }

    public required string NextAction { get; init; }

    public int Count { get; init; }

    public Holdup? Oldest { get; init; }

    public ImmutableArray<string> Items { get; init; } = [];

    public string? Priority { get; init; }

    public Uri? Evidence { get; init; }
}
