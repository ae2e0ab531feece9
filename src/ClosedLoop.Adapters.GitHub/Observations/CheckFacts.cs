using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>
/// The facts of single checks of a commit. Each is a part: it can fail main CI or show it running, and never passes it alone, because
/// another check may not have reported yet.
/// </summary>
internal static class CheckFacts
{
    public static void Add(CheckSeen seen, Harvest harvest)
    {
        var commit = Key.Commit(seen.Repository, seen.Commit);
        if (KeyText.Check(seen.Repository, seen.Commit, seen.Name) is not { } subject || seen.Latest is not { } latest)
        {
            harvest.Nothing = "a check without a name or a time says nothing yet";
            return;
        }
        var verdict = RunVerdict.OfCheck(seen.Status, seen.Conclusion);
        string word = seen.Status == "completed" ? seen.Conclusion ?? "no conclusion" : seen.Status;
        if (verdict.Reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: '{word}' is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = GitHubWriters.Ci,
            // A re-run is a new run with a higher id. The later of both times comes before the rank, because an app may correct a
            // completed run: the correction has a later completion.
            Ordinal = new Ordinal(seen.Id, latest.ToUnixTimeMilliseconds(), verdict.Rank),
            Status = verdict.Status,
            Reason = verdict.Reason,
            OccurredAt = seen.Status == "completed" ? seen.CompletedAt ?? latest : seen.StartedAt ?? latest,
            Name = seen.Name,
            Revision = seen.Commit,
            IsPartial = true,
            Detail = $"{seen.Name}: {word}",
            Evidence = Evidence.From(seen.Url, seen.Name),
            Links = [commit],
        });
    }

    public static void Add(CommitStatusSeen seen, Harvest harvest)
    {
        if (KeyText.Check(seen.Repository, seen.Commit, seen.Context) is not { } subject)
        {
            harvest.Nothing = "a status without a context says nothing";
            return;
        }
        var (status, reason, rank) = RunVerdict.OfStatus(seen.State);
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: the status '{seen.State}' is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = GitHubWriters.Ci,
            // Every report is a new status. Its id would order them best, but GraphQL does not tell it.
            Ordinal = Ordinal.At(seen.CreatedAt, rank),
            Status = status,
            Reason = reason,
            OccurredAt = seen.CreatedAt,
            Name = seen.Context,
            Revision = seen.Commit,
            IsPartial = true,
            Detail = $"{seen.Context}: {seen.State}",
            Evidence = Evidence.From(seen.Url, seen.Context),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
        });
    }
}
