using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.Kubernetes.Client;
using ClosedLoop.Adapters.Kubernetes.Health;
using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Probing;

/// <summary>One look at the cluster: five lists of each namespace, judged together. What runs is told in every sweep, however long it has been so.</summary>
internal sealed class ClusterLook(KubernetesSettings settings, KubernetesClient client, SeenTargets seen, ProbeBatch batch)
{
    private static readonly (WorkloadKind Kind, string Path)[] Kinds =
    [
        (WorkloadKind.Deployment, "deployments"), (WorkloadKind.StatefulSet, "statefulsets"), (WorkloadKind.DaemonSet, "daemonsets"),
    ];

    private readonly RolloutFacts _rollouts = new(settings.Names);
    private readonly HealthFacts _health = new(settings.Names);
    private readonly CallCounter _calls = new(batch.Allowance);
    private readonly List<Fact> _facts = [];
    private readonly List<string> _diagnostics = [];

    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellationToken)
    {
        var failures = new List<SourceAnswer>();
        foreach (var space in settings.Namespaces)
        {
            if (!IsAsked(space)) continue;
            if (await ReadAsync(space, cancellationToken).ConfigureAwait(false) is not { IsComplete: false } ended) continue;
            if (ended.IsOutOfAllowance) return Result() with { Outcome = ProbeOutcome.RateLimited, Detail = "the budget of calls is used up; raise Kubernetes:CallsPerHour or Kubernetes:PollInterval" };
            failures.Add(ended.Failure!);
            // The others would only meet the same limit.
            if (ended.Failure!.Kind == SourceAnswerKind.RateLimited) break;
        }
        if (failures.Count == 0) return Result();
        return Result() with
        {
            Outcome = failures[^1].Kind == SourceAnswerKind.RateLimited ? ProbeOutcome.RateLimited : ProbeOutcome.Unreachable,
            Detail = failures[^1].Detail,
            RetryAt = failures.Max(static f => f.RetryAt),
        };
    }

    private bool IsAsked(WatchedNamespace space) =>
        batch.SweepSince is not null || batch.Keys.Any(k => k.Is(KeySchemes.Environment) && k.Value.StartsWith(space.Environment + "/", StringComparison.Ordinal));

    private ProbeResult Result() => new()
    {
        Facts = batch.SweepSince is not null ? [.. _facts] : [.. _facts.Where(f => batch.Keys.Contains(f.Subject))],
        Calls = _calls.Calls,
        Diagnostics = [.. _diagnostics],
    };

    /// <summary>Reads one namespace; returns the list that could not be read, or null.</summary>
    private async ValueTask<ObjectList?> ReadAsync(WatchedNamespace space, CancellationToken cancellationToken)
    {
        string apps = $"apis/apps/v1/namespaces/{space.Name}/";
        var workloads = new List<Workload>();
        DateTimeOffset? serverTime = null;
        foreach (var (kind, path) in Kinds)
        {
            var list = await client.ListAsync(apps + path, space.LabelSelector, _calls, cancellationToken).ConfigureAwait(false);
            if (!list.IsComplete) return list;
            serverTime ??= list.ServerTime;
            foreach (var json in list.Items)
                if (Workload.Read(kind, json) is { } workload && workload.Namespace == space.Name) workloads.Add(workload);
                else _diagnostics.Add($"a {kind} of the namespace {space.Name} has no usable name; it counts as not there");
        }
        // Not by the selector: it is about workloads, and what they make need not have their labels.
        var replicaSets = await client.ListAsync(apps + "replicasets", null, _calls, cancellationToken).ConfigureAwait(false);
        if (!replicaSets.IsComplete) return replicaSets;
        var pods = await client.ListAsync($"api/v1/namespaces/{space.Name}/pods", null, _calls, cancellationToken).ConfigureAwait(false);
        if (!pods.IsComplete) return pods;
        Judge(space, workloads, replicaSets.Items, pods.Items, serverTime);
        return null;
    }

    private void Judge(WatchedNamespace space, List<Workload> workloads, IReadOnlyList<JsonElement> replicaSets, IReadOnlyList<JsonElement> podObjects, DateTimeOffset? serverTime)
    {
        try
        {
            var pods = podObjects.Select(PodView.Read).OfType<PodView>().ToLookup(static p => p.Owner, StringComparer.Ordinal);
            var sets = replicaSets.ToLookup(static r => Owner.UidOf(r) ?? "", StringComparer.Ordinal);
            foreach (var workload in workloads)
            {
                var mine = sets[workload.Uid].ToList();
                var owners = mine.Select(ReplicaSets.UidOf).OfType<string>().Append(workload.Uid).Distinct(StringComparer.Ordinal);
                Judge(workload, RunningPods.Of(workload, mine, owners.SelectMany(o => pods[o])));
            }
        }
        catch (InvalidOperationException)
        {
            _diagnostics.Add($"an object of the namespace {space.Name} has half a surrogate pair in a name, which no API server writes; the namespace counts as unread");
            return;
        }
        if (serverTime is not { } at) return;
        foreach (var (workload, goneAt) in seen.Take(space.Name, workloads.Select(w => (settings.Names.SubjectOf(w), w)), at)) _facts.Add(_rollouts.Gone(workload, goneAt));
    }

    private void Judge(Workload workload, RunningPods running)
    {
        var status = RolloutJudge.Judge(workload.Kind, workload.Json);
        if (status.State == RolloutState.Unreadable) _diagnostics.Add($"{workload.Namespace}/{workload.Target}: {status.Message}; it counts as no evidence");
        _facts.Add(_rollouts.Of(workload, status, running));
        if (_health.Of(workload, running) is { } health) _facts.Add(health);
    }
}
