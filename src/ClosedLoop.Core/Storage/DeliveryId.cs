namespace ClosedLoop.Storage;

/// <summary>Identifies a delivery: a source and its own id of the delivery.</summary>
/// <param name="Source">The adapter or API writer.</param>
/// <param name="Id">Its id, or a digest of the bytes.</param>
public readonly record struct DeliveryId(string Source, string Id);
