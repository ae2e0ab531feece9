namespace ClosedLoop.Storage;

/// <summary>A delivery's name: a source's own id, together with the source, because two sources may use the same ids.</summary>
/// <param name="Source">The source.</param>
/// <param name="Id">The source's id of it.</param>
/// <param name="At">
/// An instant that the delivery itself speaks of, so the same each time that it is sent; part of the name. A store may keep by it together
/// what happened together. Default: none.
/// </param>
public readonly record struct DeliveryId(string Source, string Id, DateTimeOffset At = default);
