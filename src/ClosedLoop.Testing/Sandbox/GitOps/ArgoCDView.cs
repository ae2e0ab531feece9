using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>Argo CD's applications, and notifications about them by the template and trigger that the adapter's README gives.</summary>
internal sealed class ArgoCDView(WorldState world) : IGitOpsView
{
    // The phase, start and health that were told last: a trigger with oncePer tells nothing twice.
    private readonly HashSet<(string Name, string Key)> _told = [];

    private readonly Dictionary<string, (string Word, DateTimeOffset Since)> _health = new(StringComparer.Ordinal);

    public (string GroupVersion, string Plural) Resource => ("argoproj.io/v1alpha1", "applications");

    public string ListKind => "ApplicationList";

    public string Namespace => "argocd";

    public JsonObject Object(GitOpsObject item)
    {
        var (word, since) = HealthOf(item);
        var operation = new JsonObject
        {
            ["operation"] = new JsonObject { ["sync"] = new JsonObject { ["revision"] = item.Revision }, ["initiatedBy"] = new JsonObject { ["automated"] = true } },
            ["phase"] = item.AppliedAt is null ? "Running" : "Succeeded",
            ["message"] = item.AppliedAt is null ? "one or more tasks are running" : "successfully synced (all tasks run)",
            ["startedAt"] = GitHubJson.Time(item.StartedAt),
            ["syncResult"] = new JsonObject { ["revision"] = item.ObservedGeneration == item.Generation ? item.Revision : item.AppliedRevision },
        };
        if (item.AppliedAt is { } applied) operation["finishedAt"] = GitHubJson.Time(applied);
        return new JsonObject
        {
            ["apiVersion"] = Resource.GroupVersion,
            ["kind"] = "Application",
            ["metadata"] = item.Metadata(Namespace),
            ["spec"] = new JsonObject
            {
                ["project"] = "default",
                ["source"] = new JsonObject { ["repoURL"] = $"{world.Addresses.GitHub}acme/config.git", ["path"] = item.Name, ["targetRevision"] = "main" },
                ["destination"] = new JsonObject { ["server"] = "https://kubernetes.default.svc", ["namespace"] = SandboxDeployment.Namespace },
                ["syncPolicy"] = new JsonObject { ["automated"] = new JsonObject { ["prune"] = true } },
            },
            ["status"] = new JsonObject
            {
                ["sync"] = new JsonObject { ["status"] = item.Step == RolloutStep.Applied || item.AppliedAt is null ? "OutOfSync" : "Synced", ["revision"] = item.Revision },
                ["health"] = new JsonObject { ["status"] = word, ["lastTransitionTime"] = GitHubJson.Time(since) },
                ["operationState"] = operation,
                ["summary"] = new JsonObject { ["images"] = new JsonArray([.. item.Running.Select(i => (JsonNode?)item.AddressOf(i))]) },
                ["reconciledAt"] = GitHubJson.Time(world.Now),
                ["sourceType"] = "Kustomize",
            },
        };
    }

    public void Tell(GitOpsObject item, RolloutStep step)
    {
        if (WordOf(step) is { } word && HealthOf(item).Word != word) _health[item.Name] = (word, item.Since);
        var app = Object(item);
        var status = app["status"]!;
        var operation = status["operationState"]!;
        string key = $"{operation["phase"]} {operation["startedAt"]} {status["health"]!["status"]}";
        if (!_told.Add((item.Name, key))) return;
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.ArgoCD,
            Event = string.Create(CultureInfo.InvariantCulture, $"{step}"),
            Body = WebhookSignature.Bytes(new JsonObject
            {
                ["kind"] = "Application",
                ["metadata"] = Part(app["metadata"]!, "name", "namespace", "uid"),
                ["status"] = new JsonObject
                {
                    ["sync"] = Part(status["sync"]!, "status", "revision"),
                    ["health"] = status["health"]!.DeepClone(),
                    ["summary"] = status["summary"]!.DeepClone(),
                    ["reconciledAt"] = status["reconciledAt"]!.DeepClone(),
                    ["operationState"] = Part(operation, "phase", "startedAt", "finishedAt"),
                },
            }),
            ContentType = "application/json",
            Headers = [("X-ClosedLoop-Token", world.Secrets.DeliveryWebhookSecret), ("User-Agent", "Go-http-client/1.1")],
        });
    }

    private (string Word, DateTimeOffset Since) HealthOf(GitOpsObject item) => _health.GetValueOrDefault(item.Name, ("Healthy", item.CreatedAt));

    // While it is being synced, the health is that of before.
    private static string? WordOf(RolloutStep step) => step switch
    {
        RolloutStep.Mixed => "Progressing",
        RolloutStep.Failed or RolloutStep.Unhealthy => "Degraded",
        RolloutStep.Verified => "Healthy",
        _ => null,
    };

    private static JsonObject Part(JsonNode whole, params ReadOnlySpan<string> names)
    {
        var part = new JsonObject();
        // What is not there, the template's toJson writes as null.
        foreach (string name in names) part[name] = whole[name]?.DeepClone();
        return part;
    }
}
