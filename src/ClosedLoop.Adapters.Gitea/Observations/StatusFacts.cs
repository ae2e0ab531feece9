using System.Collections.Immutable;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>The facts of commit statuses: each alone a part of main CI, all of a commit together the verdict.</summary>
internal static class StatusFacts
{
    /// <summary>The series of all statuses of a commit together.</summary>
    public const string Series = "statuses";

    public static void Add(StatusSeen seen, string repository, string commit, GiteaSettings settings, Harvest harvest)
    {
        if (seen.IsOfProposal)
        {
            harvest.Nothing = "a status of a pull request is not about the line";
            return;
        }
        if (KeyText.Check(repository, commit, seen.Context) is not { } subject) return;
        var (status, reason) = Verdict(seen.State);
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: the status {SourceText.Quote(seen.State)} is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = settings.Host.Ci,
            Ordinal = new Ordinal(seen.Id),
            Status = status,
            Reason = reason,
            OccurredAt = seen.At,
            Name = seen.Context,
            Revision = commit,
            IsPartial = !settings.IsComplete(seen.Context),
            Detail = $"{seen.Context}: {seen.State}",
            Evidence = Evidence.From(seen.Url, seen.Context),
            Links = [Key.Commit(repository, commit)],
        });
    }

    /// <summary>The sum of the newest status of each context, when there is any that counts.</summary>
    public static void AddAll(IReadOnlyCollection<StatusSeen> statuses, bool isComplete, string repository, string commit, GiteaSettings settings, Harvest harvest)
    {
        var newest = statuses.Where(static s => !s.IsOfProposal).GroupBy(static s => s.Context, StringComparer.Ordinal).Select(static g => g.MaxBy(static s => s.Id)!).ToList();
        foreach (var one in newest) Add(one, repository, commit, settings, harvest);
        if (newest.Count == 0) return;
        var verdicts = newest.Select(static s => Verdict(s.State)).ToList();
        int passed = verdicts.Count(static v => v.Status == GateStatus.Passed), failed = verdicts.Count(static v => v.Status == GateStatus.Failed), running = verdicts.Count(static v => v.Status == GateStatus.Running);
        int skipped = verdicts.Count(static v => v.Reason == Reason.Skipped);
        (GateStatus status, Reason reason) = failed > 0 ? (GateStatus.Failed, Reason.None)
            : running > 0 ? (GateStatus.Running, Reason.None)
            : isComplete && passed > 0 && passed + skipped == newest.Count ? (GateStatus.Passed, Reason.None)
            : (GateStatus.Waiting, Reason.Inconclusive);
        harvest.Facts.Add(new Fact
        {
            Subject = Key.Commit(repository, commit),
            Kind = Gates.MainCi,
            Writer = settings.Host.Ci,
            // Every report has a higher id than all before it, so the highest says which sum is the newer.
            Ordinal = new Ordinal(newest.Max(static s => s.Id), newest.Count),
            Status = status,
            Reason = reason,
            OccurredAt = newest.Max(static s => s.At),
            Name = Series,
            Revision = commit,
            Detail = $"{passed} of {newest.Count} statuses passed" + (failed > 0 ? $", {failed} failed" : "") + (running > 0 ? $", {running} running" : "") + (isComplete ? "" : ", and there are more than were read"),
            Evidence = Evidence.From(settings.Host.CommitAddress(repository, commit), commit[..7]),
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, repository.ToLowerInvariant()),
        });
    }

    private static (GateStatus Status, Reason Reason) Verdict(string state) => state switch
    {
        "success" => (GateStatus.Passed, Reason.None),
        "failure" or "error" => (GateStatus.Failed, Reason.None),
        "pending" => (GateStatus.Running, Reason.None),
        // It says that something is not as it should be, and not what that means for the line.
        "warning" => (GateStatus.Waiting, Reason.Inconclusive),
        "skipped" => (GateStatus.Waiting, Reason.Skipped),
        _ => (GateStatus.Waiting, Reason.Unrecognized),
    };
}
