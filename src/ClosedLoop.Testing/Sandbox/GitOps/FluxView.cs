using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>Flux' Kustomizations, which wait for what they apply, and the events of its notification controller (generic-hmac).</summary>
internal sealed class FluxView(WorldState world) : IGitOpsView
{
    private readonly Dictionary<string, (string Status, DateTimeOffset Since)> _ready = new(StringComparer.Ordinal);

    public (string GroupVersion, string Plural) Resource => ("kustomize.toolkit.fluxcd.io/v1", "kustomizations");

    public string ListKind => "KustomizationList";

    public string Namespace => SandboxDeployment.Namespace;

    public JsonObject Object(GitOpsObject item)
    {
        var (ready, since) = ReadyOf(item);
        string reason = ReasonOf(item.Step, ready);
        var conditions = new JsonArray(Condition(item, "Ready", ready, reason, since));
        if (ready == "Unknown") conditions.Insert(0, Condition(item, "Reconciling", "True", "ProgressingWithRetry", since));
        return new JsonObject
        {
            ["apiVersion"] = Resource.GroupVersion,
            ["kind"] = "Kustomization",
            ["metadata"] = item.Metadata(Namespace),
            ["spec"] = new JsonObject
            {
                ["interval"] = "10m",
                ["path"] = "./" + item.Name,
                ["prune"] = true,
                ["wait"] = true,
                ["timeout"] = "5m",
                ["sourceRef"] = new JsonObject { ["kind"] = "GitRepository", ["name"] = "config" },
                ["images"] = new JsonArray(new JsonObject { ["name"] = $"{item.Registry}/{item.Repository}", ["digest"] = item.Image.Digest }),
            },
            ["status"] = new JsonObject
            {
                ["observedGeneration"] = item.ObservedGeneration,
                ["lastAppliedRevision"] = "main@sha1:" + item.AppliedRevision,
                ["lastAttemptedRevision"] = "main@sha1:" + (item.ObservedGeneration == item.Generation ? item.Revision : item.AppliedRevision),
                ["conditions"] = conditions,
            },
        };
    }

    public void Tell(GitOpsObject item, RolloutStep step)
    {
        if (StatusOf(step) is not { } status) return;
        bool isNew = ReadyOf(item).Status != status;
        if (isNew) _ready[item.Name] = (status, item.Since);
        // Nothing is told of what goes on as it was.
        if (!isNew && step == RolloutStep.Mixed) return;
        bool failed = step is RolloutStep.Failed or RolloutStep.Unhealthy;
        byte[] body = WebhookSignature.Bytes(new JsonObject
        {
            ["involvedObject"] = new JsonObject { ["kind"] = "Kustomization", ["namespace"] = Namespace, ["name"] = item.Name, ["uid"] = item.Uid, ["apiVersion"] = Resource.GroupVersion },
            ["severity"] = failed ? "error" : "info",
            ["timestamp"] = GitHubJson.Time(item.Since),
            ["message"] = failed ? "health check failed: timeout waiting for: [Deployment status: 'InProgress']" : "Reconciliation finished, next run in 10m0s",
            ["reason"] = ReasonOf(step, status),
            ["metadata"] = new JsonObject { ["kustomize.toolkit.fluxcd.io/revision"] = "main@sha1:" + item.Revision },
            ["reportingController"] = "kustomize-controller",
            ["reportingInstance"] = "kustomize-controller-0",
        });
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.Flux,
            Event = ReasonOf(step, status),
            Body = body,
            ContentType = "application/json",
            Headers = [("Gotk-Component", "kustomize-controller"), ("X-Signature", WebhookSignature.Sha256(world.Secrets.DeliveryWebhookSecret, body)), ("User-Agent", "Go-http-client/1.1")],
        });
    }

    private (string Status, DateTimeOffset Since) ReadyOf(GitOpsObject item) => _ready.GetValueOrDefault(item.Name, ("True", item.CreatedAt));

    private static string? StatusOf(RolloutStep step) => step switch
    {
        RolloutStep.Started or RolloutStep.Mixed => "Unknown",
        RolloutStep.Failed or RolloutStep.Unhealthy => "False",
        RolloutStep.Verified => "True",
        _ => null,
    };

    private static string ReasonOf(RolloutStep step, string ready) => ready switch
    {
        "True" => "ReconciliationSucceeded",
        "False" => "HealthCheckFailed",
        _ => step == RolloutStep.Applied ? "ReconciliationSucceeded" : "Progressing",
    };

    private static JsonObject Condition(GitOpsObject item, string type, string status, string reason, DateTimeOffset since) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["reason"] = reason,
        ["message"] = $"{reason} of main@sha1:{item.Revision}",
        ["observedGeneration"] = item.ObservedGeneration,
        ["lastTransitionTime"] = GitHubJson.Time(since),
    };
}
