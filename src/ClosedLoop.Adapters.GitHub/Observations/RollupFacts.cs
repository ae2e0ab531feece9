using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>
/// The verdict over all checks of a commit: the one fact of GitHub's that can pass main CI where several checks run. A pass needs both
/// GitHub's own sum and ours, over every check; neither alone is enough.
/// </summary>
internal static class RollupFacts
{
    /// <summary>The series of the rollup.</summary>
    public const string Name = "rollup";

    public static void Add(CommitSeen seen, Harvest harvest)
    {
        foreach (var check in seen.Checks) CheckFacts.Add(check, harvest);
        foreach (var report in seen.Statuses) CheckFacts.Add(report, harvest);

        var subject = Key.Commit(seen.Repository, seen.Commit);
        var latest = seen.Checks.Select(static c => c.Latest).Concat(seen.Statuses.Select(static s => (DateTimeOffset?)s.CreatedAt)).Max();
        if (latest is not { } at) return;
        (GateStatus status, Reason reason, string? detail) = Judge(seen);
        if (!seen.IsComplete && status is not (GateStatus.Failed or GateStatus.Running))
        {
            harvest.Diagnostics.Add(string.Create(CultureInfo.InvariantCulture, $"{subject}: only {seen.Checks.Count + seen.Statuses.Count} of {seen.Count} checks could be read, so no verdict is taken from them"));
            return;
        }
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: {detail}");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = GitHubWriters.Ci,
            // A rollup has no version. Whatever changes it starts or ends a check, which moves the latest time or, within one second,
            // the number of checks; a verdict outranks "still running" at the same time.
            Ordinal = Ordinal.At(at, status is GateStatus.Running ? 0 : 1, seen.Count),
            Status = status,
            Reason = reason,
            OccurredAt = at,
            Name = Name,
            Revision = seen.Commit,
            Detail = detail,
            Evidence = Evidence.From(seen.Url, "checks"),
        });
    }

    private static (GateStatus Status, Reason Reason, string? Detail) Judge(CommitSeen seen)
    {
        var verdicts = seen.Checks.Select(static c => (c.Name, Verdict: RunVerdict.Of(c.Status, c.Conclusion))).ToList();
        string? failing = verdicts.Find(static v => v.Verdict.Status == GateStatus.Failed).Name ??
            seen.Statuses.FirstOrDefault(static s => s.State is "failure" or "error")?.Context;
        // A workflow that could not start has no check run that would say so.
        if (failing is null && seen.Workflows.Any(static w => w is { Status: "completed", Conclusion: "startup_failure" })) failing = "a workflow could not start";
        string? running = verdicts.Find(static v => v.Verdict.Status == GateStatus.Running).Name ??
            seen.Statuses.FirstOrDefault(static s => s.State is "pending" or "expected")?.Context;
        // Between two jobs of one workflow every check run that exists is complete: the workflow itself says that more will come.
        if (running is null && seen.Workflows.Any(static w => w.Status != "completed")) running = "a workflow has not ended";
        bool passing = verdicts.Exists(static v => v.Verdict.Status == GateStatus.Passed) || seen.Statuses.Any(static s => s.State == "success");

        switch (seen.State)
        {
            case "success":
                if (failing is not null) return (GateStatus.Failed, Reason.None, failing);
                if (running is not null) return (GateStatus.Running, Reason.None, running);
                if (Undecided(verdicts) is { } open) return open;
                return passing ? (GateStatus.Passed, Reason.None, null) : NothingRan(verdicts);
            case "failure" or "error":
                // GitHub counts a cancelled or waiting run as a failure. A run that the next push cancelled has judged nothing.
                if (failing is not null || !seen.IsComplete) return (GateStatus.Failed, Reason.None, failing);
                if (running is not null) return (GateStatus.Running, Reason.None, running);
                if (Undecided(verdicts) is { } undecided) return undecided;
                return (GateStatus.Failed, Reason.None, null);
            case "pending" or "expected":
                return (GateStatus.Running, Reason.None, running);
            default:
                return (GateStatus.Waiting, Reason.Unrecognized, $"the rollup state '{seen.State}' is not known to this version and counts as no evidence");
        }
    }

    private static (GateStatus Status, Reason Reason, string? Detail)? Undecided(List<(string Name, RunVerdict Verdict)> verdicts)
    {
        foreach (var reason in (ReadOnlySpan<Reason>)[Reason.AwaitingApproval, Reason.Cancelled, Reason.Unrecognized])
            if (verdicts.Find(v => v.Verdict.Reason == reason) is { Name: { } name })
                return (GateStatus.Waiting, reason, $"{name}: no verdict");
        return null;
    }

    private static (GateStatus Status, Reason Reason, string? Detail) NothingRan(List<(string Name, RunVerdict Verdict)> verdicts) =>
        verdicts.TrueForAll(static v => v.Verdict.Reason == Reason.Skipped)
            ? (GateStatus.Waiting, Reason.Skipped, "every check was skipped; a skip verifies nothing")
            : (GateStatus.Waiting, Reason.Inconclusive, "no check passed; neutral and skipped checks verify nothing");
}
