namespace ClosedLoop.Alerting.Delivery;

/// <summary>What a sink was last told of an incident.</summary>
/// <param name="Number">The number of the notice.</param>
/// <param name="Handle">What the sink returned.</param>
internal sealed record DeliveryMark(int Number, string? Handle);
