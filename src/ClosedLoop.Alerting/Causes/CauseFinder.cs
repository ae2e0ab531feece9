using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Alerting.Causes;

/// <summary>Says what an item waits for at a gate, so that those that wait for the same thing are one incident. Pure.</summary>
internal static class CauseFinder
{
    public static Cause Find(ItemState item, GateView? gate, GateDefinition? definition)
    {
        if (gate is null) return Cause.OfGate(CauseKinds.NotDone, ItemState.DoneClock, item.Repository);
        if (gate.Reason == Reason.Misconfigured) return Cause.OfGate(CauseKinds.Configuration, gate.Gate, item.Repository);
        return definition?.Coverage switch
        {
            GateCoverage.Cumulative => LineOf(item) is var (repository, branch) ? Cause.OfLine(repository, branch, gate.Gate) : Cause.OfGate(CauseKinds.Gate, gate.Gate, item.Repository),
            // Evidence names the target; without any, all that is known is what does not arrive there.
            GateCoverage.Level => gate.Subject is { } subject && subject.Is(KeySchemes.Environment)
                ? Cause.OfEnvironment(subject.Value, gate.Gate, item.Repository)
                : Cause.OfEnvironment($"?/{LineOf(item)?.Repository ?? item.Repository ?? "-"}", gate.Gate, item.Repository) with { Environment = null },
            _ => Cause.OfGate(CauseKinds.Gate, gate.Gate, item.Repository),
        };
    }

    /// <summary>Whether a gate says that the item's line is red, and not only that this item is in trouble.</summary>
    public static bool IsRed(GateView gate, GateDefinition? definition) =>
        definition?.Coverage == GateCoverage.Cumulative && gate.Status == GateStatus.Failed && gate.Reason is not (Reason.Regressed or Reason.Lost or Reason.Vetoed or Reason.Abandoned or Reason.Misconfigured);

    private static (string Repository, string? Branch)? LineOf(ItemState item)
    {
        foreach (var change in item.Changes)
            foreach (var line in change.Lines)
                if (line.Value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
                    return (line.Value[..at], line.Value[(at + 1)..]);
        return item.Repository is { } repository ? (repository, null) : null;
    }
}
