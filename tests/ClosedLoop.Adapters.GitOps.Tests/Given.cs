using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>Objects and events as the three systems document them.</summary>
internal static class Given
{
    public const string Secret = "canary-0123456789abcdef0123456789";
    public const string Token = "canary-token-0123456789";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double minute) => Start + TimeSpan.FromMinutes(minute);

    public static string Time(double minute) => At(minute).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Digest(char c) => "sha256:" + new string(c, 64);

    public static string Sha(char c) => new(c, 40);

    public static string Image(char c, string name = "web") => $"registry.acme.example/{name}:v1@{Digest(c)}";

    public static T Options<T>(Action<T>? change = null)
        where T : GitOpsOptions, new()
    {
        var options = new T { WebhookSecret = Secret, Environment = "production" };
        change?.Invoke(options);
        return options;
    }

    public static AdapterRegistration ArgoCD(Action<ArgoCDOptions>? change = null) => ArgoCDAdapter.Create(Options(change), new HttpClient(), TimeProvider.System);

    public static AdapterRegistration Rollouts(Action<ArgoRolloutsOptions>? change = null) => ArgoRolloutsAdapter.Create(Options(change), new HttpClient(), TimeProvider.System);

    public static AdapterRegistration Flux(Action<FluxOptions>? change = null) => FluxAdapter.Create(Options(change), new HttpClient(), TimeProvider.System);

    public static WebhookDelivery Delivery(JsonNode body, params (string Name, string Value)[] headers) => Delivery(Encoding.UTF8.GetBytes(body.ToJsonString()), headers);

    public static WebhookDelivery Delivery(byte[] body, params (string Name, string Value)[] headers)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-ClosedLoop-Token"] = Secret };
        foreach (var (name, value) in headers) all[name] = value;
        return new WebhookDelivery { Source = "gitops", Headers = all, Body = body, ReceivedAt = At(600) };
    }

    public static string Signature(byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));

    /// <summary>An application after a sync that took from <paramref name="synced"/> - 1 to <paramref name="synced"/>.</summary>
    public static JsonObject App(double synced, string health, double? changed, string images, string phase = "Succeeded", double? compared = null, string name = "web", string sync = "Synced")
    {
        var operation = new JsonObject { ["phase"] = phase, ["startedAt"] = Time(synced - 1), ["syncResult"] = new JsonObject { ["revision"] = Sha('e') } };
        if (phase is not ("Running" or "Terminating")) operation["finishedAt"] = Time(synced);
        var said = new JsonObject { ["status"] = health };
        if (changed is { } at) said["lastTransitionTime"] = Time(at);
        return new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "Application",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "argocd", ["uid"] = "1f0c", ["creationTimestamp"] = Time(-1000) },
            ["status"] = new JsonObject
            {
                ["sync"] = new JsonObject { ["status"] = sync, ["revision"] = Sha('e') },
                ["health"] = said,
                ["operationState"] = operation,
                ["summary"] = new JsonObject { ["images"] = new JsonArray([.. images.Select(static c => JsonValue.Create(Image(c)))]) },
                ["reconciledAt"] = Time(compared ?? synced + 10),
            },
        };
    }

    public static JsonObject Rollout(long generation, string? observed, string? phase, char image = 'a', string stable = "h1", string current = "h1", double at = 5)
    {
        var status = new JsonObject { ["stableRS"] = stable, ["currentPodHash"] = current, ["replicas"] = 2, ["updatedReplicas"] = 2, ["availableReplicas"] = 2 };
        if (observed is not null) status["observedGeneration"] = observed;
        if (phase is not null) status["phase"] = phase;
        status["conditions"] = new JsonArray(new JsonObject { ["type"] = "Completed", ["status"] = phase == "Healthy" ? "True" : "False", ["lastTransitionTime"] = Time(at), ["lastUpdateTime"] = Time(at) });
        return new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "Rollout",
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop", ["generation"] = generation, ["creationTimestamp"] = Time(-1000) },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 2,
                ["strategy"] = new JsonObject { ["canary"] = new JsonObject() },
                ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = Image(image) }) } },
            },
            ["status"] = status,
        };
    }

    public static JsonObject Kustomization(string ready, string reason, double at, char revision = 'a', char? attempted = null, long generation = 3, long observed = 3, bool wait = true, string kind = "Kustomization")
    {
        string group = kind == "Kustomization" ? "kustomize.toolkit.fluxcd.io/v1" : "helm.toolkit.fluxcd.io/v2";
        var spec = new JsonObject { ["interval"] = "10m" };
        if (wait) spec["wait"] = true;
        return new JsonObject
        {
            ["apiVersion"] = group,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop", ["generation"] = generation },
            ["spec"] = spec,
            ["status"] = new JsonObject
            {
                ["observedGeneration"] = observed,
                ["lastAppliedRevision"] = $"main@sha1:{Sha(revision)}",
                ["lastAttemptedRevision"] = $"main@sha1:{Sha(attempted ?? revision)}",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready, ["reason"] = reason, ["message"] = "said", ["lastTransitionTime"] = Time(at), ["observedGeneration"] = observed }),
            },
        };
    }

    public static JsonObject FluxEvent(string reason, double at, string? revision, string severity = "info", string key = "kustomize.toolkit.fluxcd.io/revision", string kind = "Kustomization")
    {
        var metadata = new JsonObject();
        if (revision is not null) metadata[key] = revision;
        return new JsonObject
        {
            ["involvedObject"] = new JsonObject { ["kind"] = kind, ["namespace"] = "shop", ["name"] = "web", ["uid"] = "8a", ["apiVersion"] = "kustomize.toolkit.fluxcd.io/v1" },
            ["severity"] = severity,
            ["timestamp"] = Time(at),
            ["message"] = "said",
            ["reason"] = reason,
            ["metadata"] = metadata,
            ["reportingController"] = "kustomize-controller",
        };
    }

    public static void Tracked(GitOpsOptions options) => options.Targets.Add(new GitOpsTarget { Name = "web", Target = "web", Repository = "acme/web" });

    public static Translation Translate(this AdapterRegistration adapter, JsonNode body) => adapter.Translator!.Translate(Delivery(body));

    public static Fact? Gate(this Translation translation, string gate) => translation.Facts.SingleOrDefault(f => f.Kind == gate);
}
