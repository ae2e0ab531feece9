using System.Globalization;
using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>
/// The facts of rollouts and health checks. An event and the Deployment itself give equal facts of the same state: ordered by the
/// Deployment's generation, then by how far the rollout got.
/// </summary>
internal sealed class RolloutFacts(Uri cluster)
{
    private const int Progressing = 1, Failed = 2, Complete = 3;

    /// <summary>The fact of an event, as sent (<c>metadata</c>, <c>timestamp</c>) or as kept (<c>metadata.annotations</c>, <c>lastTimestamp</c>), or null.</summary>
    public Fact? FromEvent(JsonElement json)
    {
        var about = json.At("involvedObject");
        if (about.Text("kind") != "Deployment" || about.Text("namespace") is not { } space || about.Text("name") is not { } name) return null;
        var notes = json.At("metadata", "annotations") is { ValueKind: JsonValueKind.Object } kept ? kept : json.At("metadata");
        if (DigestOf(notes.Text(ClusterJson.ImageAnnotation)) is not { } digest || (json.Time("timestamp") ?? json.Time("lastTimestamp")) is not { } at) return null;
        if (!long.TryParse(notes.Text(ClusterJson.GenerationAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out long generation)) return null;
        return json.Text("reason") switch
        {
            RolloutReasons.Progressing => Rollout(space, name, digest, generation, Progressing, at),
            RolloutReasons.Failed => Rollout(space, name, digest, generation, Failed, at),
            RolloutReasons.Complete => Rollout(space, name, digest, generation, Complete, at),
            RolloutReasons.Verified => Fact(space, name, digest, generation, Complete, at) with
            {
                Kind = Gates.Healthy,
                Writer = SandboxClusterAdapter.Health,
                Status = GateStatus.Passed,
                Detail = $"{space}/{name} passed its health check",
            },
            _ => null,
        };
    }

    /// <summary>The fact of what a Deployment shows now, judged in the order of <c>kubectl rollout status</c> (wire.md 6.2), or null when it shows nothing yet.</summary>
    public Fact? FromDeployment(JsonElement json)
    {
        if (json.Text("metadata", "namespace") is not { } space || json.Text("metadata", "name") is not { } name) return null;
        if (DigestOf(json.Items("spec", "template", "spec", "containers").Select(static c => c.Text("image")).FirstOrDefault()) is not { } digest) return null;
        long generation = json.Number(0, "metadata", "generation"), wanted = json.Number(1, "spec", "replicas");
        var status = json.At("status");
        if (generation == 0 || status.Number(0, "observedGeneration") < generation) return null;
        var progress = status.Items("conditions").FirstOrDefault(static c => c.Text("type") == "Progressing");
        if (progress.Time("lastUpdateTime") is not { } at) return null;
        long updated = status.Number(0, "updatedReplicas"), all = status.Number(0, "replicas"), available = status.Number(0, "availableReplicas");
        int state = progress.Text("reason") == RolloutReasons.Failed ? Failed
            : wanted > 0 && updated >= wanted && all == updated && available == updated ? Complete
            : Progressing;
        return Rollout(space, name, digest, generation, state, at);
    }

    private Fact Rollout(string space, string name, string digest, long generation, int state, DateTimeOffset at) => Fact(space, name, digest, generation, state, at) with
    {
        Status = state switch { Complete => GateStatus.Passed, Failed => GateStatus.Failed, _ => GateStatus.Running },
        Detail = state switch
        {
            Complete => $"{space}/{name} runs it on all replicas",
            Failed => $"{space}/{name} did not become available in time",
            _ => $"{space}/{name} is being rolled out",
        },
    };

    private Fact Fact(string space, string name, string digest, long generation, int state, DateTimeOffset at) => new()
    {
        Subject = Key.Deployment($"{SandboxClusterAdapter.Name}/{space}/{name}@{digest}"),
        Kind = Gates.RolledOut,
        Writer = SandboxClusterAdapter.Deployer,
        Ordinal = new Ordinal(generation, 0, state),
        OccurredAt = at,
        Name = $"{space}/{name}",
        Environment = SandboxClusterAdapter.Environment,
        Revision = digest,
        Evidence = Evidence.At(new Uri(cluster, $"apis/apps/v1/namespaces/{space}/deployments/{name}"), name),
        Links = [Key.Image(digest)],
    };

    // Only an image that is pinned by its digest says what runs.
    private static string? DigestOf(string? image) =>
        image?.IndexOf("@sha256:", StringComparison.Ordinal) is >= 0 and var at && image.Length - at - 1 == "sha256:".Length + 64 ? image[(at + 1)..] : null;
}
