using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>
/// Makes the facts of <c>rolled-out</c>: kubectl's verdict and what really runs, together. A rollout that is done and of which no pod runs
/// a known digest is no evidence. Pure.
/// </summary>
internal sealed class RolloutFacts(TargetNames names)
{
    // Generations in the upper half, seconds of the latest start in the lower.
    private const int SecondsBits = 32;

    /// <summary>The fact of what a workload shows now. Without pods (<paramref name="pods"/> null), of what the object itself says: only for explaining.</summary>
    public Fact Of(Workload workload, RolloutStatus status, RunningPods? pods)
    {
        var stage = pods is null ? StageOf(workload, status) : StageOf(workload, status, pods);
        var digests = DigestsOf(workload, stage, pods);
        return new Fact
        {
            Subject = names.SubjectOf(workload),
            Kind = Gates.RolledOut,
            Writer = KubernetesAdapter.Writer,
            Ordinal = OrdinalOf(workload, (int)stage, IsPinnedDeployment(workload) ? null : Latest(pods?.All.Select(static p => p.StartedAt))),
            Status = stage switch
            {
                RolloutStage.Complete => GateStatus.Passed,
                RolloutStage.Empty => GateStatus.NotApplicable,
                RolloutStage.Failed => GateStatus.Failed,
                RolloutStage.Started or RolloutStage.Mixed => GateStatus.Running,
                _ => GateStatus.Waiting,
            },
            Reason = stage != RolloutStage.Unknown ? Reason.None : status.IsUnsupported ? Reason.Misconfigured : Reason.Unrecognized,
            OccurredAt = OccurredAt(workload, stage, pods),
            Environment = names.EnvironmentOf(workload),
            Name = names.TargetOf(workload),
            Revision = digests.Count == 1 ? digests[0] : null,
            Links = [.. digests.Select(Key.Image)],
            Detail = $"{workload.Namespace}/{workload.Target}: {Detail(status, stage, pods)}",
            Evidence = new Evidence(null, $"{workload.Namespace}/{workload.Target} generation {workload.Generation}"),
        };
    }

    /// <summary>The fact that a workload is not there any more.</summary>
    public Fact Gone(Workload workload, DateTimeOffset at) => new()
    {
        Subject = names.SubjectOf(workload),
        Kind = Gates.RolledOut,
        Writer = KubernetesAdapter.Writer,
        Ordinal = new Ordinal(at.ToUnixTimeSeconds()),
        Status = GateStatus.NotApplicable,
        OccurredAt = at,
        Environment = names.EnvironmentOf(workload),
        Name = names.TargetOf(workload),
        Detail = $"{workload.Namespace}/{workload.Target} was deleted",
    };

    /// <summary>
    /// An object's place in the order: when it was made (one that is made again counts its generations anew), its generation, a time within
    /// the generation, and how final the state is.
    /// </summary>
    public static Ordinal OrdinalOf(Workload workload, int rank, DateTimeOffset? within) =>
        new(workload.CreatedAt?.ToUnixTimeSeconds() ?? 0, (workload.Generation << SecondsBits) | Math.Clamp(within?.ToUnixTimeSeconds() ?? 0, 0, uint.MaxValue), rank);

    /// <summary>Since when a rollout that is complete has been so.</summary>
    public static DateTimeOffset CompleteSince(Workload workload, RunningPods? pods)
    {
        var condition = workload.Json.Member("status")?.Elements("conditions").FirstOrDefault(static c => c.Text("type") == "Progressing") ?? default;
        var progressed = condition.Text("reason") == "NewReplicaSetAvailable" ? condition.Time("lastUpdateTime") ?? condition.Time("lastTransitionTime") : null;
        // Where the template does not say what runs, a pod that started later may run something else.
        if (progressed is { } at && IsPinnedDeployment(workload)) return at;
        return Latest(pods?.Current.Where(static p => p.IsReady).Select(static p => p.ReadyChangedAt).Append(progressed)) ?? progressed ?? Fallback(workload, pods);
    }

    private static RolloutStage StageOf(Workload workload, RolloutStatus status, RunningPods pods)
    {
        if (status.State == RolloutState.Unreadable || status.IsUnsupported) return RolloutStage.Unknown;
        if (status.State == RolloutState.Failed) return RolloutStage.Failed;
        if (status.State == RolloutState.Done && workload.Generation > 0)
        {
            if (IsScaledToNothing(workload)) return pods.All.Any(static p => p.IsReady) ? RolloutStage.Started : RolloutStage.Empty;
            if (pods.IsWhollyProven && !pods.ServesEarlier && !pods.IsMixed) return RolloutStage.Complete;
        }
        return pods.IsProven && (pods.ServesEarlier || pods.IsMixed) ? RolloutStage.Mixed : RolloutStage.Started;
    }

    private static RolloutStage StageOf(Workload workload, RolloutStatus status) => status.State switch
    {
        RolloutState.Unreadable => RolloutStage.Unknown,
        RolloutState.Failed => status.IsUnsupported ? RolloutStage.Unknown : RolloutStage.Failed,
        RolloutState.Done when IsScaledToNothing(workload) => RolloutStage.Empty,
        RolloutState.Done => RolloutStage.Complete,
        _ => RolloutStage.Started,
    };

    private static bool IsScaledToNothing(Workload workload) => workload.Kind switch
    {
        WorkloadKind.DaemonSet => (workload.Json.Member("status")?.Number("desiredNumberScheduled") ?? 0) == 0,
        _ => workload.Json.Member("spec")?.Number("replicas") == 0,
    };

    private static ImmutableSortedSet<string> DigestsOf(Workload workload, RolloutStage stage, RunningPods? pods)
    {
        var pinned = workload.PinnedDigests?.ToImmutableSortedSet(StringComparer.Ordinal) ?? [];
        return stage switch
        {
            RolloutStage.Unknown or RolloutStage.Empty => [],
            RolloutStage.Complete => pods is null ? pinned : pods.ServingCurrent,
            RolloutStage.Mixed => pods!.Serving,
            // Two versions in one fact that runs would say that both serve.
            _ => pods is null || pods.Pulled.IsEmpty || pods.IsMixed ? pinned : pods.Pulled,
        };
    }

    private static DateTimeOffset OccurredAt(Workload workload, RolloutStage stage, RunningPods? pods)
    {
        if (stage == RolloutStage.Complete) return CompleteSince(workload, pods);
        if (stage == RolloutStage.Mixed) return pods!.Current.Where(static p => p.IsReady && p.ReadyChangedAt is not null).Min(static p => p.ReadyChangedAt) ?? Fallback(workload, pods);
        var condition = workload.Json.Member("status")?.Elements("conditions").FirstOrDefault(static c => c.Text("type") == "Progressing") ?? default;
        return condition.Time("lastUpdateTime") ?? condition.Time("lastTransitionTime") ?? Fallback(workload, pods);
    }

    private static DateTimeOffset Fallback(Workload workload, RunningPods? pods) =>
        pods?.TemplateSince ?? Latest(pods?.Current.Select(static p => p.CreatedAt)) ?? workload.CreatedAt ?? DateTimeOffset.UnixEpoch;

    private static bool IsPinnedDeployment(Workload workload) => workload.Kind == WorkloadKind.Deployment && workload.PinnedDigests is not null;

    private static DateTimeOffset? Latest(IEnumerable<DateTimeOffset?>? times) => times?.Max();

    private static string Detail(RolloutStatus status, RolloutStage stage, RunningPods? pods) => stage switch
    {
        RolloutStage.Empty => "scaled to nothing",
        RolloutStage.Complete or RolloutStage.Failed or RolloutStage.Unknown => status.Message,
        _ when status.State != RolloutState.Done => status.Message,
        _ when pods is null || pods.Current.IsEmpty => "done, but no pod of its template is there",
        _ when pods.ServesEarlier => "done, but pods of an earlier template take traffic",
        _ when pods.IsMixed => "done, but its pods run different images: a tag was moved",
        _ when !pods.Current.All(static p => p.IsReady) => "done, but not all of its pods are ready",
        _ => "done, but the digests of its pods are not known yet",
    };
}
