namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>What becomes of a pull request.</summary>
internal enum ChangeEnd
{
    /// <summary>Merged by a merge commit.</summary>
    Merge,

    /// <summary>Merged by squashing.</summary>
    Squash,

    /// <summary>Closed without being merged.</summary>
    Close,
}
