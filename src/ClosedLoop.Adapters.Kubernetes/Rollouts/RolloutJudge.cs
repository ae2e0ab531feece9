using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>
/// Judges a rollout in the order and the words of <c>kubectl rollout status</c> (wire.md 6.2), so that the record and the person at the
/// terminal never disagree. Pure.
/// </summary>
internal static class RolloutJudge
{
    private const string RollingUpdate = "RollingUpdate";

    /// <summary>What kubectl says when the watched object is deleted.</summary>
    public static RolloutStatus Deleted { get; } = new(RolloutState.Failed, "object has been deleted");

    public static RolloutStatus Judge(WorkloadKind kind, JsonElement json)
    {
        var read = new StrictObject(json);
        string name = read.Text("metadata", "name");
        var status = kind switch
        {
            WorkloadKind.Deployment => Deployment(read, name),
            WorkloadKind.StatefulSet => StatefulSet(read),
            _ => DaemonSet(read, name),
        };
        return read.IsReadable && name.Length > 0 ? status : new RolloutStatus(RolloutState.Unreadable, "a field of it is not of its type");
    }

    private static RolloutStatus Deployment(StrictObject read, string name)
    {
        long generation = read.Long("metadata", "generation"), observed = read.Long("status", "observedGeneration");
        int? wanted = read.IntOrNull("spec", "replicas");
        int updated = read.Int("status", "updatedReplicas"), all = read.Int("status", "replicas"), available = read.Int("status", "availableReplicas");
        var progress = read.Condition("Progressing");
        if (generation > observed) return Waiting("Waiting for deployment spec update to be observed...");
        if (progress?.Text("reason") == "ProgressDeadlineExceeded") return new(RolloutState.Failed, $"deployment \"{name}\" exceeded its progress deadline");
        if (updated < wanted) return Waiting($"Waiting for deployment \"{name}\" rollout to finish: {updated} out of {wanted} new replicas have been updated...");
        if (all > updated) return Waiting($"Waiting for deployment \"{name}\" rollout to finish: {all - updated} old replicas are pending termination...");
        if (available < updated) return Waiting($"Waiting for deployment \"{name}\" rollout to finish: {available} of {updated} updated replicas are available...");
        return new(RolloutState.Done, $"deployment \"{name}\" successfully rolled out");
    }

    private static RolloutStatus StatefulSet(StrictObject read)
    {
        long generation = read.Long("metadata", "generation"), observed = read.Long("status", "observedGeneration");
        int? wanted = read.IntOrNull("spec", "replicas"), partition = read.IntOrNull("spec", "updateStrategy", "rollingUpdate", "partition");
        int ready = read.Int("status", "readyReplicas"), updated = read.Int("status", "updatedReplicas"), current = read.Int("status", "currentReplicas");
        string update = read.Text("status", "updateRevision"), running = read.Text("status", "currentRevision");
        if (read.Text("spec", "updateStrategy", "type") != RollingUpdate) return Unsupported();
        if (observed == 0 || generation > observed) return Waiting("Waiting for statefulset spec update to be observed...");
        if (ready < wanted) return Waiting($"Waiting for {wanted - ready} pods to be ready...");
        // The API server fills rollingUpdate in, so nearly every StatefulSet is answered here, before its revisions are compared.
        if (read.Has("spec", "updateStrategy", "rollingUpdate"))
        {
            return updated < wanted - partition
                ? Waiting($"Waiting for partitioned roll out to finish: {updated} out of {wanted - partition} new pods have been updated...")
                : new(RolloutState.Done, $"partitioned roll out complete: {updated} new pods have been updated...");
        }
        return update != running
            ? Waiting($"waiting for statefulset rolling update to complete {updated} pods at revision {update}...")
            : new(RolloutState.Done, $"statefulset rolling update complete {current} pods at revision {running}...");
    }

    private static RolloutStatus DaemonSet(StrictObject read, string name)
    {
        long generation = read.Long("metadata", "generation"), observed = read.Long("status", "observedGeneration");
        int wanted = read.Int("status", "desiredNumberScheduled"), updated = read.Int("status", "updatedNumberScheduled"), available = read.Int("status", "numberAvailable");
        if (read.Text("spec", "updateStrategy", "type") != RollingUpdate) return Unsupported();
        if (generation > observed) return Waiting("Waiting for daemon set spec update to be observed...");
        if (updated < wanted) return Waiting($"Waiting for daemon set \"{name}\" rollout to finish: {updated} out of {wanted} new pods have been updated...");
        if (available < wanted) return Waiting($"Waiting for daemon set \"{name}\" rollout to finish: {available} of {wanted} updated pods are available...");
        return new(RolloutState.Done, $"daemon set \"{name}\" successfully rolled out");
    }

    private static RolloutStatus Waiting(string message) => new(RolloutState.Waiting, message);

    private static RolloutStatus Unsupported() => new(RolloutState.Failed, $"rollout status is only available for {RollingUpdate} strategy type", IsUnsupported: true);
}
