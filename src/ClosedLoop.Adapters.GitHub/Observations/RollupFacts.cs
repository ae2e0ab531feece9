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
        // What ran in the merge queue ran before the merge. It is on the same commit where that landed unchanged, and GitHub sums it up with the rest.
        var checks = seen.Checks.Where(c => seen.CountsQueue || c.Trigger != CommitSeen.QueueTrigger).ToList();
        var latest = checks.Select(static c => c.Latest).Concat(seen.Statuses.Select(static s => (DateTimeOffset?)s.CreatedAt)).Max();
        if (latest is not { } at) return;
        var (status, reason, detail, _) = Rollup.Judge(
            [.. checks.Select(RollupPart.Of), .. seen.Statuses.Select(RollupPart.Of)], seen.State, seen.Workflows, seen.IsComplete, seen.RequiredOnly, leftOut: seen.Checks.Count - checks.Count);
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
}
