namespace ClosedLoop.Adapters.Kubernetes.Watching;

/// <summary>What a line of a watch says.</summary>
internal enum WatchLineKind
{
    /// <summary>Something that this version does not know; the watch goes on after it.</summary>
    Unknown = 0,

    /// <summary>An object came, changed or went.</summary>
    Changed = 1,

    /// <summary>Only the version from which to go on.</summary>
    Bookmark = 2,

    /// <summary>The version is too old (410): list again.</summary>
    Expired = 3,

    /// <summary>The server gave up: list again, after a pause.</summary>
    Failed = 4,
}
