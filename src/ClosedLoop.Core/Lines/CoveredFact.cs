using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>The one fact by which a series speaks for a change at a gate, and why it counts.</summary>
/// <param name="Fact">The fact, with the status, reason and time that it has for this change.</param>
/// <param name="Coverage">Why it counts.</param>
/// <param name="IsAbsence">Whether it only shows that the target runs something else: no evidence about the change.</param>
/// <param name="SettlesAt">When it will count if nothing comes between: the end of a soak.</param>
internal sealed record CoveredFact(Fact Fact, CoverageView Coverage, bool IsAbsence = false, DateTimeOffset? SettlesAt = null);
