namespace ClosedLoop.Storage;

/// <summary>How a due row that exists already is treated.</summary>
public enum DueMode
{
    /// <summary>Its time is set; a claim on it ends, and its attempts start again from 0.</summary>
    Set = 0,

    /// <summary>Its time is set only when that is earlier; a claim on it stays. A new row is added.</summary>
    BringForward = 1,

    /// <summary>Only a new row is added.</summary>
    AddOnly = 2,

    /// <summary>Its time is set and its claim ends, and its attempts stay: the work failed and is tried again.</summary>
    Retry = 3,
}
