using System.Text.Json;
using ClosedLoop.Adapters.Kubernetes.Rollouts;

namespace ClosedLoop.Adapters.Kubernetes.Health;

/// <summary>Judges workloads as Argo CD's gitops-engine does (wire.md 6.3). Pure.</summary>
internal static class WorkloadHealth
{
    private static readonly HealthVerdict Unreadable = new(HealthStatus.Unknown, "a field of it is not of its type");

    public static HealthVerdict Judge(WorkloadKind kind, JsonElement json)
    {
        if (json.Member("metadata", "deletionTimestamp") is not null) return new(HealthStatus.Progressing, "Pending deletion");
        var read = new StrictObject(json);
        var rollout = RolloutJudge.Judge(kind, json);
        if (rollout.State == RolloutState.Unreadable) return Unreadable;
        var verdict = kind switch
        {
            WorkloadKind.Deployment => Deployment(read, rollout),
            WorkloadKind.StatefulSet => StatefulSet(read, rollout),
            _ => DaemonSet(read, rollout),
        };
        return read.IsReadable ? verdict : Unreadable;
    }

    // Paused comes before everything else; a rollout that kubectl waits for is under way.
    private static HealthVerdict Deployment(StrictObject read, RolloutStatus rollout) =>
        read.Flag("spec", "paused") ? new(HealthStatus.Suspended, "Deployment is paused") : ByRollout(rollout);

    private static HealthVerdict StatefulSet(StrictObject read, RolloutStatus rollout)
    {
        if (!rollout.IsUnsupported) return ByRollout(rollout);
        long generation = read.Long("metadata", "generation"), observed = read.Long("status", "observedGeneration");
        int? wanted = read.IntOrNull("spec", "replicas");
        int ready = read.Int("status", "readyReplicas");
        string update = read.Text("status", "updateRevision"), running = read.Text("status", "currentRevision");
        if (observed == 0 || generation > observed) return new(HealthStatus.Progressing, "Waiting for statefulset spec update to be observed...");
        if (ready < wanted) return new(HealthStatus.Progressing, $"Waiting for {wanted - ready} pods to be ready...");
        if (read.Text("spec", "updateStrategy", "type") == "OnDelete") return new(HealthStatus.Healthy, $"statefulset has {ready} ready pods");
        return update != running ? new(HealthStatus.Progressing, $"waiting for statefulset rolling update to complete at revision {update}...") : HealthVerdict.Healthy;
    }

    private static HealthVerdict DaemonSet(StrictObject read, RolloutStatus rollout)
    {
        if (!rollout.IsUnsupported) return ByRollout(rollout);
        long generation = read.Long("metadata", "generation"), observed = read.Long("status", "observedGeneration");
        int wanted = read.Int("status", "desiredNumberScheduled"), updated = read.Int("status", "updatedNumberScheduled"), available = read.Int("status", "numberAvailable");
        if (generation > observed) return new(HealthStatus.Progressing, "Waiting for daemon set spec update to be observed...");
        if (read.Text("spec", "updateStrategy", "type") == "OnDelete") return new(HealthStatus.Healthy, $"daemon set {updated} out of {wanted} new pods have been updated");
        return updated < wanted || available < wanted ? new(HealthStatus.Progressing, $"{available} of {wanted} updated pods are available...") : HealthVerdict.Healthy;
    }

    private static HealthVerdict ByRollout(RolloutStatus rollout) => new(
        rollout.State switch
        {
            RolloutState.Done => HealthStatus.Healthy,
            RolloutState.Failed => HealthStatus.Degraded,
            _ => HealthStatus.Progressing,
        },
        rollout.State == RolloutState.Done ? "" : rollout.Message);
}
