namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>How one check counts in a rollup, in the words of <c>gh pr checks</c>. Ordered by how much a worse one says when two claim to be the latest.</summary>
internal enum RollupBucket
{
    Pass = 0,

    /// <summary>Skipped or neutral: it verified nothing.</summary>
    Skipped = 1,

    /// <summary>It ended without judging.</summary>
    Cancelled = 2,

    /// <summary>It has not ended, or says something that this version does not know.</summary>
    Pending = 3,

    Fail = 4,
}
