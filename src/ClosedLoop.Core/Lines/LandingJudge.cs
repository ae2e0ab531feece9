using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Lines;

/// <summary>Says whether a landing still stands on its line: not reverted, not lost, not pushed away. Pure.</summary>
internal static class LandingJudge
{
    public static CoverageReader.Draft Judge(RepositoryLines lines, string? branch, IReadOnlyList<Epoch> epochs, IReadOnlyList<EffectPoint> removals)
    {
        if (branch is null || !lines.Heads.TryGetValue(branch, out var line)) return new CoverageReader.Draft(lines.Repository, branch, epochs, null);
        var graph = lines.Graph;
        var point = line.Point;
        var standing = epochs.Where(e => !IsDetached(graph, point, e)).ToList();
        if (standing.Count == 0)
        {
            var gone = new LandingVerdict(Reason.Regressed, null, $"{epochs[0].Landing.Sha[..9]} was pushed away from {branch}", new CommitId(lines.Repository, epochs[0].Landing.Sha).Key);
            return new CoverageReader.Draft(lines.Repository, branch, epochs, gone);
        }
        LandingVerdict? verdict = null;
        foreach (var epoch in standing)
        {
            if (RemovedAt(lines, branch, point, epoch, removals) is not { } removed) return new CoverageReader.Draft(lines.Repository, branch, standing, null);
            verdict = Later(verdict, removed);
        }
        return new CoverageReader.Draft(lines.Repository, branch, standing, verdict);
    }

    private static LandingVerdict? RemovedAt(RepositoryLines lines, string branch, ChainPoint head, Epoch epoch, IReadOnlyList<EffectPoint> removals)
    {
        // Beyond a gap the head does not show what the line holds; a revert that landed on the branch still took the change away.
        var graph = lines.Graph;
        var removal = removals.Where(r => graph.Contains(r.Point, epoch.Landing.Point)
                && (graph.Contains(head, r.Point) || (graph.MayContain(head, r.Point) && (r.Effect.Branch is { } landedOn ? landedOn == branch : graph.IsOnLine(r.Point, epoch.Landing.Point)))))
            .OrderBy(static r => r.Effect.At).ThenBy(static r => r.Sha, StringComparer.Ordinal).FirstOrDefault();
        if (removal is null) return null;
        bool lost = removal.Effect.How == Effect.Lost;
        return new LandingVerdict(
            lost ? Reason.Lost : Reason.Regressed,
            removal.Effect.At,
            lost ? $"its content is gone from {branch} since {removal.Sha[..9]}, which does not say so" : $"reverted on {branch} by {removal.Sha[..9]}",
            new CommitId(lines.Repository, removal.Sha).Key);
    }

    // A change that came several ways is gone when the last of them is.
    private static LandingVerdict Later(LandingVerdict? one, LandingVerdict other) =>
        one is null || other.Since > one.Since || (other.Since == one.Since && other.Commit.CompareTo(one.Commit) > 0) ? other : one;

    /// <summary>Since when a change is on one of the lines that a gate asks for; else what took it away there, if anything.</summary>
    public static (DateTimeOffset? Since, LandingVerdict? Gone) OnLines(RepositoryLines lines, GateDefinition gate, IReadOnlyList<Epoch> epochs, IReadOnlyList<EffectPoint> removals)
    {
        DateTimeOffset? since = null;
        LandingVerdict? gone = null;
        foreach (var (branch, line) in lines.Heads.OrderBy(static h => h.Key, StringComparer.Ordinal))
        {
            if (!gate.Lines.Any(pattern => LinePattern.Matches(pattern, branch))) continue;
            LandingVerdict? here = null;
            foreach (var epoch in epochs)
            {
                if (!lines.Graph.Contains(line.Point, epoch.Landing.Point)) continue;
                if (!epoch.Has(line.Point)) here = Later(here, RemovedAt(lines, branch, line.Point, epoch, removals)!);
                else if (!(since < epoch.Landing.Effect.At)) since = epoch.Landing.Effect.At;
            }
            gone ??= here;
        }
        return (since, since is null ? gone : null);
    }

    public static bool IsBaselined(RepositoryLines lines, GateDefinition gate, IReadOnlyList<Epoch> epochs)
    {
        foreach (var (subject, point) in lines.Baselines)
        {
            bool counts = !subject.Is(KeySchemes.Environment)
                || (gate.Coverage == GateCoverage.Level && (gate.Environments.IsDefaultOrEmpty || gate.Environments.Contains(subject.Value.Split('@')[0], StringComparer.OrdinalIgnoreCase)));
            if (counts && epochs.All(e => lines.Graph.Contains(point, e.Landing.Point))) return true;
        }
        return false;
    }

    // Merely behind is not off: the push that brought the landing may not have been told yet. Beyond a gap is not known.
    private static bool IsDetached(LineGraph graph, ChainPoint head, Epoch epoch) => !graph.MayContain(head, epoch.Landing.Point) && !graph.MayContain(epoch.Landing.Point, head);
}
