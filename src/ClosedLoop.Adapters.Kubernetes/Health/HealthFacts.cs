using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Health;

/// <summary>
/// Makes the facts of <c>healthy</c>: the worst of the workload and of the pods of its present template, bound to the digests that run.
/// Before the rollout is complete there is nothing to say: health of old pods is not health of the change. Pure.
/// </summary>
internal sealed class HealthFacts(TargetNames names)
{
    /// <summary>The fact, or null while no pod of the present template runs a known digest, or another version serves too.</summary>
    public Fact? Of(Workload workload, RunningPods pods)
    {
        if (!pods.IsProven || pods.ServesEarlier || pods.IsMixed || workload.Generation == 0) return null;
        var verdict = pods.Current.Select(static p => PodHealth.Judge(p.Json)).Aggregate(WorkloadHealth.Judge(workload.Kind, workload.Json), HealthVerdict.Worse);
        var at = ChangedAt(workload, pods);
        var digests = pods.ServingCurrent;
        return new Fact
        {
            Subject = names.SubjectOf(workload),
            Kind = Gates.Healthy,
            Writer = KubernetesAdapter.HealthWriter,
            Ordinal = RolloutFacts.OrdinalOf(workload, FinalityOf(verdict.Status), at),
            Status = verdict.Status switch
            {
                HealthStatus.Healthy => GateStatus.Passed,
                HealthStatus.Degraded => GateStatus.Failed,
                HealthStatus.Progressing => GateStatus.Running,
                _ => GateStatus.Waiting,
            },
            Reason = verdict.Status switch
            {
                HealthStatus.Unknown => Reason.Unrecognized,
                HealthStatus.Suspended or HealthStatus.Missing => Reason.Inconclusive,
                _ => Reason.None,
            },
            OccurredAt = at,
            Environment = names.EnvironmentOf(workload),
            Name = names.TargetOf(workload),
            Revision = digests.Count == 1 ? digests[0] : null,
            Links = [.. digests.Select(Key.Image)],
            Detail = $"{workload.Namespace}/{workload.Target} is {verdict.Status}{(verdict.Message.Length == 0 ? "" : $": {verdict.Message}")}",
            Evidence = new Evidence(null, $"{workload.Namespace}/{workload.Target}"),
        };
    }

    // Of two states of one second the more final one stands. A pod that was ready and crashed within one second is started again seconds
    // later, which is a newer fact; one that became ready in the second of its start leaves no other trace than this.
    private static int FinalityOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => 3,
        HealthStatus.Degraded => 2,
        HealthStatus.Progressing => 0,
        _ => 1,
    };

    // Every change of health leaves a time in a condition or in a container's state; never before the rollout was complete.
    private static DateTimeOffset ChangedAt(Workload workload, RunningPods pods)
    {
        var latest = RolloutFacts.CompleteSince(workload, pods);
        Take(workload.Json);
        foreach (var pod in pods.Current)
        {
            Take(pod.Json);
            foreach (var container in pod.Json.Member("status")?.Elements("containerStatuses") ?? [])
            {
                Later(container.Member("state", "running")?.Time("startedAt"));
                Later(container.Member("state", "terminated")?.Time("finishedAt"));
                Later(container.Member("lastState", "terminated")?.Time("finishedAt"));
            }
        }
        return latest;

        void Take(JsonElement json)
        {
            foreach (var condition in json.Member("status")?.Elements("conditions") ?? []) Later(condition.Time("lastTransitionTime"));
        }

        void Later(DateTimeOffset? at)
        {
            if (at > latest) latest = at.Value;
        }
    }
}
