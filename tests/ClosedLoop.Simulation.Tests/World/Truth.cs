using ClosedLoop.Facts;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>What is so of a gate, and since when it is passed.</summary>
internal readonly record struct GateTruth(GateStatus Status, DateTimeOffset? Since = null)
{
    public bool Holds => Status is GateStatus.Passed or GateStatus.NotApplicable;
}

/// <summary>
/// What is so of a change at an instant, from the world's own history: positions on a line and lists by time, read from the start each
/// time. It shares no code with the library, only the rules that docs/coverage.md gives in words.
/// </summary>
internal static class Truth
{
    public const string Scan = "security-scan";

    private static readonly GateStatus[] Order = [GateStatus.Failed, GateStatus.Running, GateStatus.Waiting];

    public static GateTruth Of(Change change, string gate, DateTimeOffset at) => Of(change, gate, at, at);

    /// <summary>With the line as it was at another instant: who has not heard of a push judges the builds by the line that he knows.</summary>
    public static GateTruth Of(Change change, string gate, DateTimeOffset at, DateTimeOffset line) => gate switch
    {
        Gates.PrOpened => Opened(change, at),
        Gates.Reviewed => Reviewed(change, at),
        Gates.Merged => Merged(change, at),
        Gates.MainCi => Cumulative(change, at, line, Builds),
        Scan => Cumulative(change, at, line, Scans),
        Gates.ImageBuilt => Cumulative(change, at, line, Images),
        Gates.RolledOut => Combine(change.Repository.Targets, t => RolledOut(change, t, at, line)),
        Gates.Healthy => Combine(change.Repository.Targets, t => Healthy(change, t, at, line)),
        _ => throw new ArgumentException($"the world has no gate '{gate}'", nameof(gate)),
    };

    /// <summary>What is so at one target.</summary>
    public static GateTruth Of(Change change, string gate, Target target, DateTimeOffset at) => gate == Gates.Healthy ? Healthy(change, target, at, at) : RolledOut(change, target, at, at);

    public static bool IsAbandoned(Change change, DateTimeOffset at) => !(change.MergedAt <= at) && change.Opened.FindLast(o => o.At <= at) is { At.Ticks: > 0, Open: false };

    /// <summary>Of several changes each that was not given up has to be through.</summary>
    public static GateTruth Of(IReadOnlyCollection<Change> changes, string gate, DateTimeOffset at)
    {
        var known = changes.Where(c => c.Opened.Count > 0 && c.Opened[0].At <= at).ToList();
        var live = known.FindAll(c => !IsAbandoned(c, at));
        var all = (live.Count > 0 ? live : known).ConvertAll(c => Of(c, gate, at));
        if (all.Count == 0) return new GateTruth(GateStatus.Waiting);
        foreach (var status in Order)
            if (all.Exists(t => t.Status == status))
                return new GateTruth(status);
        return new GateTruth(GateStatus.Passed, all.Max(static t => t.Since));
    }

    private static GateTruth Opened(Change change, DateTimeOffset at)
    {
        var last = change.Opened.FindLast(o => o.At <= at);
        if (last.At == default) return new GateTruth(GateStatus.Waiting);
        return last.Open || change.MergedAt <= at ? new GateTruth(GateStatus.Passed, last.At) : new GateTruth(GateStatus.Failed);
    }

    private static GateTruth Reviewed(Change change, DateTimeOffset at)
    {
        DateTimeOffset? since = null;
        foreach (var reviews in change.Reviews.Values)
        {
            var said = reviews.FindLast(r => r.At <= at);
            if (said.At == default) continue;
            if (said.Status == GateStatus.Failed) return new GateTruth(GateStatus.Failed);
            if (said.Status == GateStatus.Passed && (since is null || said.At > since)) since = said.At;
        }
        return since is null ? new GateTruth(GateStatus.Waiting) : new GateTruth(GateStatus.Passed, since);
    }

    private static GateTruth Merged(Change change, DateTimeOffset at)
    {
        if (!(change.MergedAt <= at)) return new GateTruth(GateStatus.Waiting);
        return Landing(change, at).Undone is null ? new GateTruth(GateStatus.Passed, change.MergedAt) : new GateTruth(GateStatus.Failed);
    }

    /// <summary>Where a change is on the line: from its last landing to what took that away.</summary>
    public static (int? From, int? Undone) Landing(Change change, DateTimeOffset at)
    {
        int? from = null, undone = null;
        foreach (var commit in change.OnLine)
        {
            if (commit.At > at) break;
            if (commit.Adds == change) (from, undone) = (commit.Position, null);
            else undone = commit.Position;
        }
        return (from, undone);
    }

    private static bool Has(Change change, LineCommit commit, DateTimeOffset line)
    {
        var (from, undone) = Landing(change, line);
        return from <= commit.Position && !(undone <= commit.Position);
    }

    private static GateTruth Cumulative(Change change, DateTimeOffset at, DateTimeOffset line, Func<Repository, int, int, DateTimeOffset, IEnumerable<Run>> runs)
    {
        var (from, undone) = Landing(change, line);
        if (from is not { } first) return new GateTruth(GateStatus.Waiting);
        DateTimeOffset? passed = null;
        var seen = new HashSet<GateStatus>();
        var commit = new List<Run>();
        foreach (var run in runs(change.Repository, first, undone ?? int.MaxValue, at))
        {
            if (commit.Count > 0 && commit[0].Position != run.Position)
            {
                Speak();
                // Runs come in the order of their begin: from here on none can have passed before the one that did.
                if (run.Begun > passed) break;
            }
            commit.Add(run);
        }
        if (commit.Count > 0) Speak();
        if (passed is not null) return new GateTruth(GateStatus.Passed, passed);
        foreach (var status in Order)
            if (seen.Contains(status))
                return new GateTruth(status);
        return new GateTruth(GateStatus.Waiting);

        // What the runs of one commit say together.
        void Speak()
        {
            var spoken = commit.Where(static r => r.Status is GateStatus.Passed or GateStatus.Failed).OrderByDescending(static r => r.Newest).FirstOrDefault();
            if (spoken == default) spoken = commit.MaxBy(static r => r.Newest);
            if (spoken.Status == GateStatus.Passed && !(passed < spoken.At)) passed = spoken.At;
            seen.Add(spoken.Status);
            commit.Clear();
        }
    }

    private static IEnumerable<Run> Builds(Repository repository, int from, int before, DateTimeOffset at)
    {
        for (int i = repository.FirstBuild(from); i < repository.Builds.Count && repository.Builds[i].Commit.Position < before; i++)
        {
            var build = repository.Builds[i];
            if (build.At(at) is { } state) yield return new Run(build.Commit.Position, build.Number, state.Status, state.At, build.States[0].At);
            else if (build.States[0].At > at) yield break;
        }
    }

    private static IEnumerable<Run> Images(Repository repository, int from, int before, DateTimeOffset at)
    {
        for (int i = Since(repository.Images, image => image.At >= repository.Line[from].At); i < repository.Images.Count && repository.Images[i].At <= at; i++)
            if (repository.Images[i].Commit.Position is var position && position >= from && position < before)
                yield return new Run(position, i, GateStatus.Passed, repository.Images[i].At, repository.Images[i].At);
    }

    private static IEnumerable<Run> Scans(Repository repository, int from, int before, DateTimeOffset at)
    {
        for (int i = Since(repository.Scans, scan => scan.At >= repository.Line[from].At); i < repository.Scans.Count && repository.Scans[i].At <= at; i++)
            if (repository.Scans[i].Commit.Position is var position && position >= from && position < before)
                yield return new Run(position, i, repository.Scans[i].Passed ? GateStatus.Passed : GateStatus.Failed, repository.Scans[i].At, repository.Scans[i].At);
    }

    private static GateTruth RolledOut(Change change, Target target, DateTimeOffset at, DateTimeOffset line)
    {
        var (landed, undone) = Landing(change, line);
        if (landed is not { } from) return new GateTruth(GateStatus.Waiting);
        // What ran before it landed cannot contain it.
        int first = Since(target.Rollouts, r => r.At >= change.Repository.Line[from].At);
        int current = -1, next = -1;
        for (int i = target.Rollouts.Count - 1; i >= 0; i--)
        {
            if (target.Rollouts[i].At > at) continue;
            if (next < 0) next = i;
            if (!target.Rollouts[i].SaysWhatRuns) continue;
            current = i;
            break;
        }
        bool Runs(int i) => target.Rollouts[i].SaysWhatRuns && target.Rollouts[i].Images.All(image => Has(change, image.Commit, line));
        if (current >= 0 && Runs(current))
        {
            int since = current;
            if (undone is null && current == target.LastRunning)
            {
                // Where it was never taken away, what runs has it from its place on: the last that was below that place is looked up.
                int below = target.LastBelow(from);
                for (since = Math.Max(first, below + 1); !target.Rollouts[since].SaysWhatRuns;) since++;
                return new GateTruth(GateStatus.Passed, target.Rollouts[since].At);
            }
            for (int i = current - 1; i >= first && (Runs(i) || !target.Rollouts[i].SaysWhatRuns); i--)
                if (Runs(i)) since = i;
            return new GateTruth(GateStatus.Passed, target.Rollouts[since].At);
        }
        if (current >= 0 && target.Rollouts[current].Images.Any(image => Has(change, image.Commit, line))) return new GateTruth(GateStatus.Running);
        for (int i = first; i <= current; i++)
            if (Runs(i)) return new GateTruth(GateStatus.Failed);
        for (int i = next; i > current; i--)
            if (target.Rollouts[i].Status is GateStatus.Running or GateStatus.Failed && target.Rollouts[i].Images.All(image => Has(change, image.Commit, line)))
                return new GateTruth(target.Rollouts[i].Status);
        return new GateTruth(GateStatus.Waiting);
    }

    private static GateTruth Healthy(Change change, Target target, DateTimeOffset at, DateTimeOffset line)
    {
        if (RolledOut(change, target, at, line) is not { Status: GateStatus.Passed, Since: { } live }) return new GateTruth(GateStatus.Waiting);
        var last = GateStatus.Waiting;
        for (int i = Since(target.Checks, c => c.At >= live); i < target.Checks.Count && target.Checks[i].At <= at; i++)
        {
            if (!Has(change, target.Checks[i].Image.Commit, line)) continue;
            last = target.Checks[i].Status;
            if (last == GateStatus.Passed) return new GateTruth(last, target.Checks[i].At);
        }
        return new GateTruth(last);
    }

    // Every target counts.
    private static GateTruth Combine(IReadOnlyList<Target> targets, Func<Target, GateTruth> of)
    {
        var all = targets.Select(of).ToList();
        if (all.Exists(static t => t.Status == GateStatus.Failed)) return new GateTruth(GateStatus.Failed);
        if (all.Exists(static t => t.Status == GateStatus.Running)) return new GateTruth(GateStatus.Running);
        return all.TrueForAll(static t => t.Status == GateStatus.Passed) ? new GateTruth(GateStatus.Passed, all.Max(static t => t.Since)) : new GateTruth(GateStatus.Waiting);
    }

    /// <summary>A build, an image or a scan of the commit at a position.</summary>
    private readonly record struct Run(int Position, long Newest, GateStatus Status, DateTimeOffset At, DateTimeOffset Begun);

    private static int Since<T>(IReadOnlyList<T> list, Func<T, bool> reached)
    {
        int low = 0, high = list.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (reached(list[middle])) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
