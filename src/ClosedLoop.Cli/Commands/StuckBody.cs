using ClosedLoop.Cli.Reading;

namespace ClosedLoop.Cli.Commands;

/// <summary>What does not move by itself.</summary>
/// <param name="Incidents">One for each cause; null when the record cannot say.</param>
/// <param name="Items">The items, the oldest first.</param>
/// <param name="Total">How many items are stuck, also those that were not listed.</param>
/// <param name="IsComplete">False when there are more open items than were looked at.</param>
internal sealed record StuckBody(IReadOnlyList<IncidentLine>? Incidents, IReadOnlyList<StuckItem> Items, int Total, bool IsComplete);
