namespace ClosedLoop.Storage;

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>All of it is durable.</summary>
    Committed = 0,

    /// <summary>Nothing was stored: what was loaded has changed since. Load and fold again.</summary>
    Conflict = 1,
}
