using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Lines;

/// <summary>
/// Finds whether a change was verified where it is live: by a check of a version that has it, made after that version rolled out, that
/// held for as long as the gate asks. Then it stays so for as long as the change stays live.
/// </summary>
internal sealed class HealthJudge(LevelJudge levels, RepositoryLines lines, DateTimeOffset now)
{
    private readonly ObjectionJudge _objections = new(levels);

    public async ValueTask<Pick?> JudgeAsync(SeriesName series, GateDefinition gate, GateDefinition? rollout, IReadOnlyList<Epoch> epochs)
    {
        var targets = rollout is null ? [] : lines.Series.FindAll(s => s.CountsFor(rollout) && s.Environment == series.Environment && (series.Name.Length == 0 || s.Name == series.Name));
        DateTimeOffset? liveSince = null;
        int gone = 0;
        foreach (var target in targets)
        {
            if (await levels.JudgeAsync(target, epochs).ConfigureAwait(false) is not { } rolledOut)
            {
                gone++;
                continue;
            }
            if (rolledOut.Status != GateStatus.Passed) return await AbsentAsync(series, epochs).ConfigureAwait(false);
            if (liveSince is null || rolledOut.Since > liveSince) liveSince = rolledOut.Since;
        }
        // Of what is gone nobody's health is asked for.
        if (gone > 0 && gone == targets.Count) return null;
        if (liveSince is not { } start) return await AbsentAsync(series, epochs).ConfigureAwait(false);
        if (await _objections.StandingAsync(series).ConfigureAwait(false) is { } standing) return await _objections.JudgeAsync(standing, targets, epochs, start).ConfigureAwait(false);

        var checks = await ChecksAsync(series, targets, epochs, start).ConfigureAwait(false);
        if (checks.Count == 0) return await AbsentAsync(series, epochs).ConfigureAwait(false);
        int verified = Verified(checks, gate.Soak);
        if (verified >= 0) return levels.View(checks[verified], epochs, GateStatus.Passed, LevelJudge.IsExact(checks[verified], epochs) ? Reason.Exact : Reason.CoveredBy) with { Since = checks[verified].At + gate.Soak };
        var newest = checks[^1];
        if (newest.Status != GateStatus.Passed) return levels.View(newest, epochs, newest.Status, newest.Reason);
        int streak = checks.Count - 1;
        while (streak > 0 && checks[streak - 1].Status == GateStatus.Passed) streak--;
        var settles = checks[streak].At + gate.Soak;
        return levels.View(newest, epochs, GateStatus.Running, Reason.Soaking) with { Since = checks[streak].At, SettlesAt = settles, Detail = $"healthy; counts from {settles:HH:mm} UTC" };
    }

    /// <summary>The place of the check by which it is verified; -1 when none is.</summary>
    private int Verified(List<LevelEntry> checks, TimeSpan soak)
    {
        for (int i = 0; i < checks.Count; i++)
        {
            if (checks[i].Status != GateStatus.Passed) continue;
            var until = checks[i].At + soak;
            int contrary = checks.FindIndex(i + 1, static c => c.Status == GateStatus.Failed);
            if (until > now || (contrary >= 0 && checks[contrary].At < until)) continue;
            // What was verified and then found bad by the same check of the same version is not verified.
            if (!checks.Skip(i + 1).Any(c => c.Status == GateStatus.Failed && c.Reason == Reason.Regressed && c.Commits.SequenceEqual(checks[i].Commits))) return i;
        }
        return -1;
    }

    private async ValueTask<List<LevelEntry>> ChecksAsync(SeriesName series, List<SeriesName> targets, IReadOnlyList<Epoch> epochs, DateTimeOffset start)
    {
        var history = levels.History(series.Text);
        var checks = new List<LevelEntry>();
        int older = 0;
        for (int place = 0; older < LevelHistory.MaxOlder && await history.GetAsync(place).ConfigureAwait(false) is { } check; place++)
        {
            if (check.At < start)
            {
                older++;
                continue;
            }
            if (check.Commits.Length == 0 || await levels.CountAsync(check, epochs).ConfigureAwait(false) < check.Commits.Length) continue;
            if (await RanAsync(targets, check).ConfigureAwait(false)) checks.Add(check);
        }
        checks.Reverse();
        return checks;
    }

    private async ValueTask<bool> RanAsync(List<SeriesName> targets, LevelEntry check)
    {
        foreach (var target in targets)
            foreach (var rollout in await levels.RunsOfAsync(target.Text, check.Commits[0]).ConfigureAwait(false))
                if (rollout.At <= check.At && check.Commits.All(rollout.Commits.Contains))
                    return true;
        return false;
    }

    private async ValueTask<Pick?> AbsentAsync(SeriesName series, IReadOnlyList<Epoch> epochs) =>
        await levels.History(series.Text).GetAsync(0).ConfigureAwait(false) is { } newest ? levels.Absent(newest, epochs, null) : null;
}
