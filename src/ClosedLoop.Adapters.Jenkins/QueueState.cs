namespace ClosedLoop.Adapters.Jenkins;

/// <summary>How far an item of the queue is: the last component of its facts' ordinals.</summary>
internal enum QueueState
{
    /// <summary>In its quiet period, or in a state that is not known.</summary>
    Waiting = 0,

    /// <summary>Something else has to end first.</summary>
    Blocked = 1,

    /// <summary>It waits for an executor.</summary>
    Buildable = 2,

    /// <summary>It has been waiting for an executor for far too long.</summary>
    Stuck = 3,

    /// <summary>It is not in the queue any more: a build came of it, or nobody knows any more.</summary>
    Left = 4,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled = 5,
}
