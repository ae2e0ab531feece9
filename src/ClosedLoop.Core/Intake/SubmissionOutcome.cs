namespace ClosedLoop.Intake;

/// <summary>What became of a submission.</summary>
public enum SubmissionOutcome
{
    /// <summary>It is durable. Some of its facts may have been refused.</summary>
    Committed = 0,

    /// <summary>The same delivery was taken before; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>The queue is full or the store is not available; nothing was recorded, send it again later.</summary>
    Busy = 2,

    /// <summary>It could not be applied, even alone, and was kept aside with its bytes.</summary>
    Quarantined = 3,
}
