namespace ClosedLoop.Storage;

/// <summary>In which order items are listed.</summary>
public enum ItemOrder
{
    /// <summary>Newest change of the record first, then by id. The default.</summary>
    NewestChange = 0,

    /// <summary>
    /// What has waited longest for the gate that it waits on first, then by id; see <see cref="Items.ItemState.WaitingSince"/>. Those of which that is not
    /// known come last. Only open items: what is done or abandoned waits for nothing.
    /// </summary>
    LongestWaiting = 1,
}
