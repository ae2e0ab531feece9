using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What runs at one target of an environment.</summary>
public sealed record LineTarget
{
    /// <summary>The environment; empty when the source names none.</summary>
    public required string Environment { get; init; }

    /// <summary>The target's name in it; empty when the source names none.</summary>
    public required string Name { get; init; }

    /// <summary>Who says so.</summary>
    public required Writer Writer { get; init; }

    /// <summary>The commits that serve now: one, or old and new during a rolling update. Empty when a version runs of which the commit is not known, or nothing is known to run.</summary>
    public IReadOnlyList<LineDeployment> Running { get; init; } = [];

    /// <summary>Since when exactly these serve, as far back as the record was read; null when nothing is known to run.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>A newer rollout that is under way, waits or failed, and does not say what runs; null when there is none.</summary>
    public LineAttempt? Attempt { get; init; }

    /// <summary>The newest check of what runs now, made since it runs; null when there is none: then its health is not known.</summary>
    public LineHealth? Health { get; init; }
}
