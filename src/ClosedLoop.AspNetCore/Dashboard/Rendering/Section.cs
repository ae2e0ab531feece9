namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>The entries of the navigation.</summary>
internal enum Section
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Where items stand.</summary>
    Board = 1,

    /// <summary>What holds items up.</summary>
    Stuck = 2,

    /// <summary>What happened on the target branches.</summary>
    Lines = 3,

    /// <summary>How work flows.</summary>
    Flow = 4,

    /// <summary>How the watcher itself is.</summary>
    Watcher = 5,
}
