using ClosedLoop.Reconciliation;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>One source. <c>State</c> is reachable, blind, or unknown when it was not asked since the start. Details of a failure stay in the log: they may hold addresses.</summary>
internal sealed record SourceStateBody(string Name, string State, DateTimeOffset? ReachedAt, DateTimeOffset? BlindSince)
{
    public static SourceStateBody Of(SourceStatus source) =>
        new(source.Source, source.BlindSince is not null ? "blind" : source.ReachedAt is not null ? "reachable" : "unknown", source.ReachedAt, source.BlindSince);
}
