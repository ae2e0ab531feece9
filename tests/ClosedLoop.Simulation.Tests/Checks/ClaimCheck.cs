using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Simulation.Tests.World;

namespace ClosedLoop.Simulation.Tests.Checks;

/// <summary>
/// Over-claim at every step: when the record says that a gate is passed, it was so of the changes that the record names, at the instant of
/// the evidence that it cites or at one since: what turned it into a pass may have come after that (a request for changes was withdrawn).
/// </summary>
internal sealed class ClaimCheck(DeliveryWorld world)
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
            if (gate.Status != GateStatus.Passed) continue;
            figures.Claims++;
            changes ??= [.. state.Changes.Select(c => world.Changes[c.Change])];
            if (since > now) return $"{state.Id} claims {gate.Gate} since {since:O}, which is not yet";
            if (!WasSo(changes, gate.Gate, since, now)) return $"{state.Id} claims {gate.Gate} since {since:HH:mm:ss.fff} by {gate.Subject} ({gate.Reason}, {gate.Detail}); at no instant from then until now was it so of {string.Join(", ", changes.Select(static c => c.Key))}";
        }
        return null;
    }

    private static bool WasSo(List<Change> changes, string gate, DateTimeOffset since, DateTimeOffset now)
    {
        if (Truth.Of(changes, gate, since).Status == GateStatus.Passed || Truth.Of(changes, gate, now).Status == GateStatus.Passed) return true;
        foreach (var repository in changes.Select(static c => c.Repository).Distinct())
        {
            for (int i = repository.Instants.Count - 1; i >= 0 && repository.Instants[i] > since; i--)
                if (repository.Instants[i] <= now && Truth.Of(changes, gate, repository.Instants[i]).Status == GateStatus.Passed)
                    return true;
        }
        return false;
    }
}
