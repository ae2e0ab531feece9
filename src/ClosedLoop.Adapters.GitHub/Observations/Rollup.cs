using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>
/// The one judgement over the checks of a commit, for looks and for <see cref="GitHubAdapter.Explain"/>: the latest run of each check counts,
/// one failure fails, then one that has not ended holds up, then one that was cancelled has judged nothing, and a pass needs a check that
/// passed. No check at all is no evidence. Pure.
/// </summary>
internal static class Rollup
{
    /// <summary>Judges.</summary>
    /// <param name="parts">Every check and status, re-runs included.</param>
    /// <param name="state">GitHub's own sum over all of them, in lower case; null when it was not told.</param>
    /// <param name="workflows">The workflow runs on the commit, which exist before their jobs' check runs do.</param>
    /// <param name="isComplete">Whether all of them could be read.</param>
    /// <param name="requiredOnly">Whether only those count that the branch's rules ask for.</param>
    /// <param name="leftOut">How many checks of GitHub's sum are not among the parts.</param>
    public static RollupJudgement Judge(IReadOnlyCollection<RollupPart> parts, string? state, IReadOnlyList<(string Status, string? Conclusion)> workflows, bool isComplete, bool requiredOnly, int leftOut = 0)
    {
        var latest = Latest(parts);
        bool isReplaced = latest.Count < parts.Count || leftOut > 0;
        if (requiredOnly) latest.RemoveAll(static p => p.IsRequired != true);
        // GitHub's sum is over all checks, and does not know which of them are asked for.
        var (status, reason, detail) = Decide(latest, requiredOnly ? null : state, workflows, isComplete, isReplaced, requiredOnly);
        return new RollupJudgement(status, reason, detail, latest);
    }

    private static List<RollupPart> Latest(IReadOnlyCollection<RollupPart> parts) =>
    [
        .. parts.GroupBy(static p => p.Series, StringComparer.Ordinal)
            .SelectMany(static runs => Latest([.. runs.OrderByDescending(static p => p.StartedAt).ThenByDescending(static p => p.Id).ThenByDescending(static p => p.Bucket)])),
    ];

    // Of one suite GitHub lists only the last run of each job: two with one name are two jobs, and neither replaces the other.
    private static IEnumerable<RollupPart> Latest(RollupPart[] runs) => runs[0].Suite is { } suite ? runs.Where(p => p.Suite == suite) : runs.Take(1);

    private static (GateStatus Status, Reason Reason, string? Detail) Decide(
        List<RollupPart> parts, string? state, IReadOnlyList<(string Status, string? Conclusion)> workflows, bool isComplete, bool isReplaced, bool requiredOnly)
    {
        string? failing = parts.Find(static p => p.Bucket == RollupBucket.Fail)?.Name;
        // A workflow that could not start has no check run that would say so.
        if (failing is null && !requiredOnly && workflows.Any(static w => w is { Status: "completed", Conclusion: "startup_failure" })) failing = "a workflow could not start";
        string? running = parts.Find(static p => p.Verdict.Status == GateStatus.Running)?.Name;
        // Between two jobs of one workflow every check run that exists is complete: the workflow itself says that more will come.
        if (running is null && workflows.Any(static w => w.Status != "completed")) running = "a workflow has not ended";

        switch (state)
        {
            case null or "success":
                if (failing is not null) return (GateStatus.Failed, Reason.None, failing);
                if (running is not null) return (GateStatus.Running, Reason.None, running);
                return Undecided(parts) ?? Passing(parts, requiredOnly);
            case "failure" or "error":
                // GitHub counts a cancelled or waiting run as a failure. A run that the next push cancelled has judged nothing.
                if (failing is not null || !isComplete) return (GateStatus.Failed, Reason.None, failing);
                if (running is not null) return (GateStatus.Running, Reason.None, running);
                if (Undecided(parts) is { } undecided) return undecided;
                // What failed may have been run again since, or is none of these.
                return isReplaced ? Passing(parts, requiredOnly) : (GateStatus.Failed, Reason.None, null);
            case "pending" or "expected":
                return failing is not null ? (GateStatus.Failed, Reason.None, failing) : (GateStatus.Running, Reason.None, running);
            default:
                return (GateStatus.Waiting, Reason.Unrecognized, $"the rollup state '{state}' is not known to this version and counts as no evidence");
        }
    }

    private static (GateStatus Status, Reason Reason, string? Detail)? Undecided(List<RollupPart> parts)
    {
        foreach (var reason in (ReadOnlySpan<Reason>)[Reason.AwaitingApproval, Reason.Unrecognized, Reason.Cancelled])
            if (parts.Find(p => p.Verdict.Reason == reason) is { Name: { } name })
                return (GateStatus.Waiting, reason, $"{name}: no verdict");
        // Completed without a conclusion: it is still to be written.
        return parts.Find(static p => p.Bucket == RollupBucket.Pending) is { Name: { } open } ? (GateStatus.Running, Reason.None, open) : null;
    }

    private static (GateStatus Status, Reason Reason, string? Detail) Passing(List<RollupPart> parts, bool requiredOnly)
    {
        if (parts.Exists(static p => p.Bucket == RollupBucket.Pass)) return (GateStatus.Passed, Reason.None, null);
        if (parts.Count == 0) return (GateStatus.Waiting, Reason.Inconclusive, requiredOnly ? "no required check has reported" : "no check has reported");
        return parts.TrueForAll(static p => p.Verdict.Reason == Reason.Skipped)
            ? (GateStatus.Waiting, Reason.Skipped, "every check was skipped; a skip verifies nothing")
            : (GateStatus.Waiting, Reason.Inconclusive, "no check passed; neutral and skipped checks verify nothing");
    }
}
