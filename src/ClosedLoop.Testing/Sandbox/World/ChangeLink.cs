namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>How a change leads to its work item.</summary>
internal enum ChangeLink
{
    /// <summary>A <c>Work-Item:</c> trailer in the pull request's text.</summary>
    Trailer,

    /// <summary>Its branch, which the item names.</summary>
    Branch,

    /// <summary>Not at all: it stands for itself.</summary>
    None,
}
