namespace ClosedLoop.Storage;

/// <summary>How a due row that exists already is treated.</summary>
public enum DueMode
{
    /// <summary>Its time is set; a claim on it ends, and its attempts start again from 0.</summary>
    Set = 0,

    /// <summary>
    /// Its time is set only when that is earlier. A claim on it stays; then the row is due again at this time at the latest when the
    /// claim ends with <see cref="Set"/>, since the holder may have read its source before what this change tells of. A new row is added.
    /// </summary>
    BringForward = 1,

    /// <summary>Only a new row is added.</summary>
    AddOnly = 2,

    /// <summary>Its time is set and its claim ends, and its attempts stay: the work failed and is tried again.</summary>
    Retry = 3,
}
