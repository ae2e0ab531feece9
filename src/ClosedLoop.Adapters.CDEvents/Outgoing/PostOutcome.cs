namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>How a post went.</summary>
internal enum PostOutcome
{
    /// <summary>It was taken.</summary>
    Taken = 0,

    /// <summary>The receiver will never take this event: it says that the event itself is wrong.</summary>
    Rejected = 1,

    /// <summary>Not now.</summary>
    Failed = 2,
}
