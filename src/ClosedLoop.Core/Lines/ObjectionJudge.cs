using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>
/// Judges a health series that can only object, as alerts do: it never says that all is well, so nobody waits for it to, and what it objects to is the
/// version that ran then. Its entries are failures and withdrawals with the reason <see cref="Reason.Vetoed"/>, one for each objection.
/// </summary>
internal sealed class ObjectionJudge(LevelJudge levels)
{
    // As far as the stage that finds whom an entry concerns looks.
    private const int MaxWalk = 1_000;

    /// <summary>The objections that stand, newest first; null when the series also says something else.</summary>
    public async ValueTask<List<LevelEntry>?> StandingAsync(SeriesName series)
    {
        var history = levels.History(series.Text);
        var standing = new List<LevelEntry>();
        for (int place = 0; place < MaxWalk && await history.GetAsync(place).ConfigureAwait(false) is { } entry; place++)
        {
            if (entry.Reason != Reason.Vetoed || entry.Status is not (GateStatus.Failed or GateStatus.Waiting)) return null;
            if (entry.Status == GateStatus.Failed) standing.Add(entry);
        }
        return standing;
    }

    /// <summary>What they mean for a change that has been live since an instant; null when they ask for nothing.</summary>
    public async ValueTask<Pick?> JudgeAsync(List<LevelEntry> standing, List<SeriesName> targets, IReadOnlyList<Epoch> epochs, DateTimeOffset start)
    {
        LevelEntry? before = null;
        foreach (var objection in standing)
        {
            if (objection.At < start) before ??= objection;
            else if (await BroughtAsync(objection, targets, epochs, start).ConfigureAwait(false)) return levels.View(objection, epochs, GateStatus.Failed, Reason.Vetoed);
        }
        // It still stands, and whether the new version is better nobody has said.
        return before is null ? null : levels.Absent(before, epochs, "an objection from before this rollout still stands");
    }

    // What was live before the version that is objected to went well without it.
    private async ValueTask<bool> BroughtAsync(LevelEntry objection, List<SeriesName> targets, IReadOnlyList<Epoch> epochs, DateTimeOffset start)
    {
        if (objection.Commits.Length == 0 || await levels.CountAsync(objection, epochs).ConfigureAwait(false) < objection.Commits.Length) return false;
        foreach (var target in targets)
        {
            var history = levels.History(target.Text);
            DateTimeOffset? since = null;
            for (int place = 0; await history.GetAsync(place).ConfigureAwait(false) is { } rollout; place++)
            {
                if (!rollout.SaysWhatRuns || rollout.At > objection.At) continue;
                if (objection.Commits.All(rollout.Commits.Contains)) since = rollout.At;
                else if (since is not null) break;
            }
            if (since <= start) return true;
        }
        return false;
    }
}
