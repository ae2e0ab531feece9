using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>The health scale of Argo CD's gitops-engine, in which all three systems are compared.</summary>
internal static class HealthWord
{
    public const string Healthy = "Healthy", Progressing = "Progressing", Degraded = "Degraded", Suspended = "Suspended", Missing = "Missing", Unknown = "Unknown";

    /// <summary>What a word says of <c>healthy</c>; words that are not known are no evidence.</summary>
    public static (GateStatus Status, Reason Reason, int Rank) Judge(string? word) => word switch
    {
        Healthy => (GateStatus.Passed, Reason.None, TargetFacts.Good),
        Degraded or Missing => (GateStatus.Failed, Reason.None, TargetFacts.Bad),
        Progressing => (GateStatus.Running, Reason.None, TargetFacts.Under),
        Suspended or Unknown => (GateStatus.Waiting, Reason.Inconclusive, TargetFacts.Under),
        _ => (GateStatus.Waiting, Reason.Unrecognized, TargetFacts.Under),
    };

    public static bool IsKnown(string? word) => word is Healthy or Progressing or Degraded or Suspended or Missing or Unknown;
}
