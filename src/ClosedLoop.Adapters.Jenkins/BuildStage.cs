namespace ClosedLoop.Adapters.Jenkins;

/// <summary>How far a build is, and who saw it: the last component of its facts' ordinals, of which the second tells whether it has ended.</summary>
/// <remarks>
/// A running build looks the same to a webhook and to the API, so both give one ordinal. A finished one ranks higher when the API says
/// so: the API knows the commit that was built and the final result, a notification often neither. Two notifications of one
/// finished build (COMPLETED, then FINALIZED) tie, so that the worse result wins, and of equal ones the earlier time.
/// </remarks>
internal enum BuildStage
{
    Queued = 0,
    Running = 1,
    Reported = 3,
    Finished = 4,
}
