namespace ClosedLoop.Lines;

/// <summary>Places on a chain whose changes have to be folded again.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Chain">The chain.</param>
/// <param name="From">The first position.</param>
/// <param name="To">The last position.</param>
/// <param name="LandedSince">Only those that landed at or after this instant; the minimum for all.</param>
/// <param name="Branch">Only those that landed on this branch; null for all.</param>
internal readonly record struct AffectedRange(string Repository, int Chain, long From, long To, DateTimeOffset LandedSince = default, string? Branch = null);
