using System.Collections.Immutable;
using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Which pods of a workload run which digests: of its present template, and of earlier ones.</summary>
internal sealed record RunningPods
{
    /// <summary>Pods of the present template.</summary>
    public ImmutableArray<PodView> Current { get; private init; } = [];

    /// <summary>Pods of earlier templates.</summary>
    public ImmutableArray<PodView> Earlier { get; private init; } = [];

    /// <summary>When the ReplicaSet of the present template was made, or null.</summary>
    public DateTimeOffset? TemplateSince { get; private init; }

    public IEnumerable<PodView> All => Current.Concat(Earlier);

    public bool ServesEarlier => Earlier.Any(static p => p.IsReady);

    /// <summary>At least one pod of the present template takes traffic and is known to run its images.</summary>
    public bool IsProven => Current.Any(static p => p.IsProven);

    /// <summary>Every pod of the present template takes traffic and is known to run its images.</summary>
    public bool IsWhollyProven => !Current.IsEmpty && Current.All(static p => p.IsProven);

    /// <summary>Whether one container runs different images in pods of the present template: a tag that was moved between their starts.</summary>
    public bool IsMixed => Current.Where(static p => p.IsReady).SelectMany(static p => p.Digests).Where(static d => d.Value is not null)
        .GroupBy(static d => d.Key, static d => d.Value, StringComparer.Ordinal).Any(static g => g.Distinct(StringComparer.Ordinal).Skip(1).Any());

    /// <summary>What takes traffic now.</summary>
    public ImmutableSortedSet<string> Serving => DigestsOf(All.Where(static p => p.IsReady));

    /// <summary>What takes traffic and belongs to the present template.</summary>
    public ImmutableSortedSet<string> ServingCurrent => DigestsOf(Current.Where(static p => p.IsReady));

    /// <summary>What was pulled for the present template.</summary>
    public ImmutableSortedSet<string> Pulled => DigestsOf(Current);

    public static RunningPods Of(Workload workload, IEnumerable<JsonElement> replicaSets, IEnumerable<PodView> pods)
    {
        if (workload.Uid.Length == 0) return new RunningPods();
        if (workload.Kind != WorkloadKind.Deployment) return OfRevisions(workload, [.. pods.Where(p => p.Owner == workload.Uid)]);
        var owned = ReplicaSets.OwnedBy(workload, replicaSets);
        var newest = ReplicaSets.Newest(workload, owned);
        string? current = newest is { } found ? ReplicaSets.UidOf(found) : null;
        var uids = owned.Select(ReplicaSets.UidOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var mine = pods.Where(p => uids.Contains(p.Owner)).ToLookup(p => p.Owner == current);
        return new RunningPods { Current = [.. mine[true]], Earlier = [.. mine[false]], TemplateSince = newest is { } set ? ReplicaSets.CreatedAt(set) : null };
    }

    private static RunningPods OfRevisions(Workload workload, List<PodView> mine)
    {
        Func<PodView, bool> isCurrent;
        if (workload.Kind == WorkloadKind.StatefulSet)
        {
            string? revision = workload.Json.Text("status", "updateRevision");
            isCurrent = p => revision is { Length: > 0 } && p.RevisionHash == revision;
        }
        else if (workload.Json.Text("metadata", "annotations", "deprecated.daemonset.template.generation") is { } generation && mine.All(static p => p.TemplateGeneration is not null))
        {
            isCurrent = p => p.TemplateGeneration == generation;
        }
        else
        {
            // The object does not name its revision: the controller makes new pods from the present template only.
            string? newest = mine.MaxBy(static p => p.CreatedAt ?? DateTimeOffset.MinValue)?.RevisionHash;
            isCurrent = p => newest is { Length: > 0 } && p.RevisionHash == newest;
        }
        var parts = mine.ToLookup(isCurrent);
        return new RunningPods { Current = [.. parts[true]], Earlier = [.. parts[false]] };
    }

    private static ImmutableSortedSet<string> DigestsOf(IEnumerable<PodView> pods) =>
        pods.SelectMany(static p => p.Digests.Values).OfType<string>().ToImmutableSortedSet(StringComparer.Ordinal);
}
