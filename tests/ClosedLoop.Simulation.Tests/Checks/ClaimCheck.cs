using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Simulation.Tests.World;

namespace ClosedLoop.Simulation.Tests.Checks;

/// <summary>
/// Over-claim at every step: when the record says that a gate is passed, it was so of the changes that the record names, at the instant of
/// the evidence that it cites or at one since: what turned it into a pass may have come after that (a request for changes was withdrawn).
/// Of a provider that has not told yet the record knows an earlier state; it is held to what some state of each provider until now shows.
/// </summary>
/// <param name="world">What is so.</param>
/// <param name="isPlaced">Whether the record knows where a commit of a repository is: while it does not, what runs it hides (C7).</param>
internal sealed class ClaimCheck(DeliveryWorld world, Func<Repository, LineCommit, bool> isPlaced)
{
    private readonly Dictionary<(string Item, string Gate), (DateTimeOffset? Since, Key? Subject, int Changes)> _checked = [];

    /// <summary>Says what is claimed and was never so, or null.</summary>
    public string? Refute(ItemState state, DateTimeOffset now, Figures figures)
    {
        List<Change>? changes = null;
        foreach (var gate in state.Gates)
        {
            if (gate.Status is not (GateStatus.Passed or GateStatus.Failed) || gate.Since is not { } since) continue;
            var claim = (gate.Since, gate.Subject, state.Changes.Count);
            ref var last = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_checked, (state.Id, gate.Gate), out bool known);
            if (known && last == claim) continue;
            if (!known || last.Since != gate.Since) figures.StalenessSeconds.Add((float)(now - since).TotalSeconds);
            last = claim;
            if (gate is { Gate: Gates.RolledOut, Status: GateStatus.Failed, Reason: Reason.Regressed } && NeverLeft([.. state.Changes.Select(c => world.Changes[c.Change])], since, now))
                return $"{state.Id} is said to be taken away from {gate.Subject} since {since:HH:mm:ss.fff} ({gate.Detail}); it ran there all the time";
            if (gate.Status != GateStatus.Passed) continue;
            figures.Claims++;
            changes ??= [.. state.Changes.Select(c => world.Changes[c.Change])];
            if (since > now) return $"{state.Id} claims {gate.Gate} since {since:O}, which is not yet";
            if (!WasSo(changes, gate.Gate, since, now) && !changes.TrueForAll(c => WasSoByTarget(c, gate.Gate, now))) return $"{state.Id} claims {gate.Gate} since {since:HH:mm:ss.fff} by {gate.Subject} ({gate.Reason}, {gate.Detail}); at no instant from then until now was it so of {string.Join(", ", changes.Select(static c => c.Key))}";
        }
        return null;
    }

    // What is not known must not look like a rollback: at some instant since then it has to have been away.
    private static bool NeverLeft(List<Change> changes, DateTimeOffset since, DateTimeOffset now)
    {
        bool Ran(DateTimeOffset at) => changes.TrueForAll(c => Truth.Of(c, Gates.RolledOut, at).Status == GateStatus.Passed);
        return Ran(since) && Ran(now) && changes.TrueForAll(c => c.Repository.Instants.TrueForAll(i => i < since || i > now || Ran(i)));
    }

    // Of several changes each has a time of its own: the record shows the newest evidence, and may not know yet what has gone wrong with another.
    private static bool WasSo(List<Change> changes, string gate, DateTimeOffset since, DateTimeOffset now)
    {
        if (Truth.Of(changes, gate, since).Status == GateStatus.Passed) return true;
        return changes.Exists(c => WasSo(c, gate, since, now)) && changes.TrueForAll(c => WasSo(c, gate, DateTimeOffset.MinValue, now) || c.Opened.Exists(o => !o.Open && o.At <= now));
    }

    // The providers tell at different times: what a cluster runs now may be judged by a line of which the last push is not known yet.
    private static bool WasSo(Change change, string gate, DateTimeOffset since, DateTimeOffset now)
    {
        if (WasSoAt(change, gate, now, now) || (since > DateTimeOffset.MinValue && WasSoAt(change, gate, since, now))) return true;
        var instants = change.Repository.Instants;
        var from = since > change.Opened[0].At ? since : change.Opened[0].At;
        for (int i = instants.Count - 1; i >= 0 && instants[i] >= from; i--)
            if (instants[i] <= now && WasSoAt(change, gate, instants[i], now))
                return true;
        return false;
    }

    // Where the history has a hole, what a target runs now may hide from the record what it ran before: each target is then held to some
    // state of its own.
    private bool WasSoByTarget(Change change, string gate, DateTimeOffset now)
    {
        var repository = change.Repository;
        if (gate is not (Gates.RolledOut or Gates.Healthy) || repository.Line.TrueForAll(c => c.At > now || isPlaced(repository, c))) return false;
        return repository.Targets.All(target => repository.Instants.Exists(at => at <= now && Truth.Of(change, gate, target, at).Status == GateStatus.Passed));
    }

    private static bool WasSoAt(Change change, string gate, DateTimeOffset at, DateTimeOffset now)
    {
        if (Truth.Of(change, gate, at).Status == GateStatus.Passed) return true;
        foreach (var commit in change.OnLine)
            if (commit.At <= now && Truth.Of(change, gate, at, commit.At).Status == GateStatus.Passed)
                return true;
        return false;
    }
}
