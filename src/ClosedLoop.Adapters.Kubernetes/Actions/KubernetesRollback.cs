using System.Net.Http.Headers;
using ClosedLoop.Adapters.Kubernetes.Client;
using ClosedLoop.Adapters.Kubernetes.Rollouts;

namespace ClosedLoop.Adapters.Kubernetes.Actions;

/// <summary>
/// Rolls a Deployment, StatefulSet or DaemonSet back as <c>kubectl rollout undo</c> does. Made by <see cref="KubernetesAdapter.CreateRollback"/>; does
/// nothing unless <see cref="KubernetesOptions.AllowRollback"/> is set and the workload lies in a configured namespace.
/// </summary>
/// <remarks>Safe from several threads.</remarks>
public sealed class KubernetesRollback
{
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int Invalid = 422;
    private const int MaxCalls = 500;

    private readonly KubernetesSettings _settings;
    private readonly KubernetesClient _client;
    private readonly bool _isAllowed;

    internal KubernetesRollback(KubernetesSettings settings, KubernetesClient client, bool isAllowed) => (_settings, _client, _isAllowed) = (settings, client, isAllowed);

    /// <summary>Gives a workload the pod template of an earlier revision.</summary>
    /// <param name="namespaceName">Its namespace, one of <see cref="KubernetesOptions.Namespaces"/>.</param>
    /// <param name="name">Its name, as its target is named: <c>web</c> for a Deployment, <c>statefulset/db</c>, <c>daemonset/agent</c>.</param>
    /// <param name="toRevision">The revision; 0 for the one before the newest.</param>
    /// <param name="overrideGit">Whether to do it although Argo CD or Flux keeps the workload as git has it, and may undo the undo. The default is false.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What became of it. The annotations that only a Deployment has are lost, as with kubectl; those of the others stay.</returns>
    public async ValueTask<RollbackResult> UndoAsync(string namespaceName, string name, long toRevision = 0, bool overrideGit = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(namespaceName);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_isAllowed) return Refused("rolling back is not allowed; set Kubernetes:AllowRollback to true and give the user the verb patch on deployments, statefulsets and daemonsets");
        if (!_settings.Namespaces.Any(n => n.Name == namespaceName)) return Refused($"the namespace {SourceText.Quote(namespaceName)} is not one of Kubernetes:Namespaces; add it there");
        var (kind, own) = name.Split('/') switch
        {
            ["statefulset", var part] => (WorkloadKind.StatefulSet, part),
            ["daemonset", var part] => (WorkloadKind.DaemonSet, part),
            _ => (WorkloadKind.Deployment, name),
        };
        if (!own.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') || own.Trim('.').Length == 0) return Refused($"{SourceText.Quote(name)} is not the name of a Deployment, nor statefulset/name or daemonset/name");
        try
        {
            return await RunAsync(namespaceName, kind, own, toRevision, overrideGit, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            return new RollbackResult(RollbackOutcome.Failed, "the API server answered with half a surrogate pair in a name; nothing was changed");
        }
    }

    private async ValueTask<RollbackResult> RunAsync(string space, WorkloadKind kind, string name, long toRevision, bool overrideGit, CancellationToken cancellationToken)
    {
        var calls = new CallCounter(MaxCalls);
        string apps = $"apis/apps/v1/namespaces/{space}/", path = $"{apps}{CollectionOf(kind)}/{name}";
        var answer = await _client.SendAsync(HttpMethod.Get, path, null, calls, cancellationToken).ConfigureAwait(false);
        if (answer?.StatusCode == NotFound) return Refused($"there is no {kind} {space}/{name}");
        if (answer is not { Kind: SourceAnswerKind.Found }) return Failed(answer);
        if (KubernetesClient.Parse(answer.Body) is not { } json || Workload.Read(kind, json) is not { } workload) return new RollbackResult(RollbackOutcome.Failed, $"the API server answered with something else than a {kind}; check Kubernetes:Server");
        if (!overrideGit && UndoPlan.KeptInGit(workload) is { } keeper) return Refused($"{keeper} keeps {space}/{name} as git has it and would undo the undo; roll back in git, or pass overrideGit");
        bool isDeployment = kind == WorkloadKind.Deployment;
        var history = await _client.ListAsync(apps + (isDeployment ? "replicasets" : "controllerrevisions"), null, calls, cancellationToken).ConfigureAwait(false);
        if (!history.IsComplete) return Failed(history.Failure);

        var plan = isDeployment ? UndoPlan.Of(workload, history.Items, toRevision) : RevisionUndo.Of(workload, history.Items, toRevision);
        if (plan.Result.Outcome != RollbackOutcome.RolledBack) return plan.Result;
        var changed = await _client.SendAsync(HttpMethod.Patch, path, Patch, calls, cancellationToken).ConfigureAwait(false);
        if (changed is { Kind: SourceAnswerKind.Found }) return plan.Result;
        return changed?.StatusCode is Conflict or Invalid
            ? new RollbackResult(RollbackOutcome.Failed, $"{space}/{name} was changed meanwhile, or the API server does not take the revision's template (HTTP {changed.StatusCode}); nothing was changed, try again", plan.Result.Revision)
            : Failed(changed) with { Revision = plan.Result.Revision };

        HttpContent Patch() => new ReadOnlyMemoryContent(plan.Patch) { Headers = { ContentType = new MediaTypeHeaderValue(plan.MediaType) } };
    }

    private static string CollectionOf(WorkloadKind kind) => kind switch
    {
        WorkloadKind.StatefulSet => "statefulsets",
        WorkloadKind.DaemonSet => "daemonsets",
        _ => "deployments",
    };

    private static RollbackResult Refused(string message) => new(RollbackOutcome.Refused, message);

    private static RollbackResult Failed(SourceAnswer? answer) => new(RollbackOutcome.Failed, answer?.Detail ?? "it took more than 500 requests");
}
