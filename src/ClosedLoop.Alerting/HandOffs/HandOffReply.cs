using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.HandOffs;

/// <summary>What an agent says to an offer.</summary>
/// <param name="Answer">Whether it takes it; null when it has not decided.</param>
/// <param name="Note">What it says to people who read the incident; at most 2,000 characters are kept.</param>
public sealed record HandOffReply(HandOffAnswer? Answer, string? Note = null);
