namespace ClosedLoop.Reconciliation;

/// <summary>What is known of one source's reachability.</summary>
/// <param name="Source">The adapter's name.</param>
/// <param name="ReachedAt">When it last answered; null when not since the start or since it was lost.</param>
/// <param name="BlindSince">Since when it does not answer; null when it does.</param>
/// <param name="Detail">What happened.</param>
public sealed record SourceStatus(string Source, DateTimeOffset? ReachedAt, DateTimeOffset? BlindSince, string? Detail);
