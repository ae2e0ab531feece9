using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>
/// What one item's log shows of environments. A deployment that carries many items is seen by each of them at the same instant, and is one. Pure.
/// </summary>
internal static class DeploymentSightings
{
    public static IEnumerable<(string Environment, DeploymentEvent Event)> Of(IEnumerable<Transition> log)
    {
        string? where = null;
        foreach (var change in log)
        {
            if (change.Kind != TransitionKind.Gate || change.Gate is not (Gates.RolledOut or Gates.Healthy)) continue;
            if (change.Reason is Reason.Migrated or Reason.Baseline or Reason.Waived or Reason.Recorded) continue;
            var at = change.OccurredAt ?? change.RecordedAt;
            if (change.Gate == Gates.RolledOut)
            {
                where = Environment(change.Subject) ?? where;
                if (where is null) continue;
                if (change.To == GateStatus.Passed) yield return (where, new DeploymentEvent(at, DeploymentEventKind.Deployed));
                else if (change.Reason == Reason.Regressed) yield return (where, new DeploymentEvent(at, DeploymentEventKind.WentBack));
                else if (change.Reason == Reason.Vetoed) yield return (where, new DeploymentEvent(at, DeploymentEventKind.Failed));
            }
            else if (where is not null)
            {
                // Checks of health are known by the check, not by the environment: what they check is what this item was rolled out to.
                if (change.To == GateStatus.Passed) yield return (where, new DeploymentEvent(at, DeploymentEventKind.Verified));
                else if (change.To == GateStatus.Failed && change.Reason != Reason.Regressed) yield return (where, new DeploymentEvent(at, DeploymentEventKind.Failed));
            }
        }
    }

    // environment:production/eu, or deployment:production/eu@ordinal for an entry of its history.
    private static string? Environment(Key? subject)
    {
        if (subject is not { } key) return null;
        if (key.Is(KeySchemes.Environment)) return key.Value;
        if (!key.Is(KeySchemes.Deployment)) return null;
        int end = key.Value.LastIndexOf('@');
        return end > 0 ? key.Value[..end] : key.Value;
    }
}
