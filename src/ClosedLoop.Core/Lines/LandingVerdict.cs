using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>That a landing no longer stands, and why.</summary>
/// <param name="Reason"><see cref="Facts.Reason.Regressed"/> or <see cref="Facts.Reason.Lost"/>.</param>
/// <param name="Since">Since when; null when it was pushed away: a head that is read again and again tells no time.</param>
/// <param name="Detail">One sentence.</param>
/// <param name="Commit">The commit that took it away, or the landing that was pushed away.</param>
internal sealed record LandingVerdict(Reason Reason, DateTimeOffset? Since, string Detail, Key Commit);
