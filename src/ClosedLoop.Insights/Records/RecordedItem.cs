using ClosedLoop.Insights.Timelines;
using ClosedLoop.Items;

namespace ClosedLoop.Insights.Records;

/// <summary>An item of the record with its life.</summary>
/// <param name="State">What the record says of it now.</param>
/// <param name="Timeline">Its life by the clocks of the sources.</param>
/// <param name="Change">Its first change, as far as the record knows it; null when it has none.</param>
public sealed record RecordedItem(ItemState State, ItemTimeline Timeline, ChangeRecord? Change);
