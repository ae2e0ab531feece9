using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>What a status and a conclusion of GitHub say, for check runs, workflow runs and suites alike. Lower-case words.</summary>
/// <param name="Status">The gate status.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rank">How far the run has come: of two observations with one id and time the later stage wins.</param>
internal readonly record struct RunVerdict(GateStatus Status, Reason Reason, int Rank)
{
    private const int Queued = 0, Held = 1, Running = 2, Finished = 3;

    public static RunVerdict Of(string status, string? conclusion)
    {
        switch (status)
        {
            case "queued" or "requested" or "pending":
                return new(GateStatus.Running, Reason.None, Queued);
            case "waiting":
                return new(GateStatus.Waiting, Reason.AwaitingApproval, Held);
            case "in_progress":
                return new(GateStatus.Running, Reason.None, Running);
            case "completed":
                break;
            default:
                return new(GateStatus.Waiting, Reason.Unrecognized, Queued);
        }
        return conclusion switch
        {
            "success" => new(GateStatus.Passed, Reason.None, Finished),
            // A workflow that could not start never will, and GitHub marks a run stale that it gave up after 14 days.
            "failure" or "timed_out" or "startup_failure" or "stale" => new(GateStatus.Failed, Reason.None, Finished),
            // "completed" with this conclusion is a run that waits for a person and then starts: it is not the end.
            "action_required" => new(GateStatus.Waiting, Reason.AwaitingApproval, Held),
            "cancelled" => new(GateStatus.Waiting, Reason.Cancelled, Finished),
            "skipped" => new(GateStatus.Waiting, Reason.Skipped, Finished),
            "neutral" or null => new(GateStatus.Waiting, Reason.Inconclusive, Finished),
            _ => new(GateStatus.Waiting, Reason.Unrecognized, Finished),
        };
    }

    /// <summary>
    /// A check run. An app ends one with <c>action_required</c> when somebody has to change something: GitHub blocks merges with it, and it is
    /// red until that is done. A workflow run with this word waits for an approval instead and has no check runs yet.
    /// </summary>
    public static RunVerdict OfCheck(string status, string? conclusion) =>
        status == "completed" && conclusion == "action_required" ? new(GateStatus.Failed, Reason.None, Held) : Of(status, conclusion);

    /// <summary>A commit status.</summary>
    public static RunVerdict OfStatus(string state) => state switch
    {
        "success" => new(GateStatus.Passed, Reason.None, 1),
        "failure" or "error" => new(GateStatus.Failed, Reason.None, 1),
        "pending" or "expected" => new(GateStatus.Running, Reason.None, 0),
        _ => new(GateStatus.Waiting, Reason.Unrecognized, 0),
    };
}
