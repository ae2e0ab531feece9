using ClosedLoop.Reconciliation;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>One source. <c>State</c> is reachable, blind, or unknown when it was not asked since the start. Details of a failure stay in the log: they may hold addresses.</summary>
internal sealed record SourceStateBody
{
    public required string Name { get; init; }

    public required string State { get; init; }

    public DateTimeOffset? ReachedAt { get; init; }

    public DateTimeOffset? BlindSince { get; init; }

    public required IReadOnlyList<string> Gates { get; init; }

    public bool TakesWebhooks { get; init; }

    public double? PollIntervalSeconds { get; init; }

    public int? CallsPerHour { get; init; }

    public int? CallsLeft { get; init; }

    public DateTimeOffset? PausedUntil { get; init; }

    public double? LagSeconds { get; init; }

    public double Stretch { get; init; }

    public static SourceStateBody Of(SourceStatus source) => new()
    {
        Name = source.Source,
        State = source.BlindSince is not null ? "blind" : source.ReachedAt is not null ? "reachable" : "unknown",
        ReachedAt = source.ReachedAt,
        BlindSince = source.BlindSince,
        Gates = source.Gates,
        TakesWebhooks = source.TakesWebhooks,
        PollIntervalSeconds = source.PollInterval?.TotalSeconds,
        CallsPerHour = source.CallsPerHour,
        CallsLeft = source.CallsLeft,
        PausedUntil = source.PausedUntil,
        LagSeconds = source.Lag?.TotalSeconds,
        Stretch = source.Stretch,
    };
}
