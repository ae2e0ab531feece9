using System.Globalization;
using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>
/// The facts of rollouts, health checks and rejected images. An event and the Deployment itself give equal facts of the same state: ordered by
/// the Deployment's generation, then by how far the rollout got. A rollout that is under way says what serves meanwhile.
/// </summary>
internal sealed class RolloutFacts(Uri cluster)
{
    private const int Started = 1, Mixed = 2, Failed = 3, Complete = 4;

    /// <summary>The fact of an event, as sent (<c>metadata</c>, <c>timestamp</c>) or as kept (<c>metadata.annotations</c>, <c>lastTimestamp</c>), or null.</summary>
    public Fact? FromEvent(JsonElement json)
    {
        var about = json.At("involvedObject");
        if (about.Text("kind") != "Deployment" || about.Text("namespace") is not { } space || about.Text("name") is not { } name) return null;
        var notes = json.At("metadata", "annotations") is { ValueKind: JsonValueKind.Object } kept ? kept : json.At("metadata");
        if (DigestOf(notes.Text(ClusterJson.ImageAnnotation)) is not { } digest || (json.Time("timestamp") ?? json.Time("lastTimestamp")) is not { } at) return null;
        if (Number(notes, ClusterJson.GenerationAnnotation) is not { } generation || Number(notes, ClusterJson.SequenceAnnotation) is not { } sequence) return null;
        string? previous = DigestOf(notes.Text(ClusterJson.PreviousAnnotation));
        return json.Text("reason") switch
        {
            RolloutReasons.Started => Rollout(space, name, digest, null, generation, Started, at),
            RolloutReasons.Mixed => Rollout(space, name, digest, previous, generation, Mixed, at),
            RolloutReasons.Failed => Rollout(space, name, digest, null, generation, Failed, at),
            RolloutReasons.Complete => Rollout(space, name, digest, null, generation, Complete, at),
            RolloutReasons.Verified => Check(space, name, digest, new Ordinal(generation, sequence), passed: true, at),
            RolloutReasons.Unhealthy => Check(space, name, digest, new Ordinal(generation, sequence), passed: false, at),
            RolloutReasons.Rejected => Veto(space, name, digest, sequence, at),
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
        // More are available than there are old ones: some new ones serve.
        int state = progress.Text("reason") == RolloutReasons.Failed ? Failed
            : wanted > 0 && updated >= wanted && all == updated && available == updated ? Complete
            : available > all - updated ? Mixed
            : Started;
        string? previous = state == Mixed ? DigestOf(json.Text("metadata", "annotations", ClusterJson.PreviousAnnotation)) : null;
        return Rollout(space, name, digest, previous, generation, state, at);
    }

    private Fact Rollout(string space, string name, string digest, string? previous, long generation, int state, DateTimeOffset at) => Seen(space, name, digest, at) with
    {
        Kind = Gates.RolledOut,
        Writer = SandboxClusterAdapter.Deployer,
        Ordinal = new Ordinal(generation, 0, state),
        Status = state switch { Complete => GateStatus.Passed, Failed => GateStatus.Failed, _ => GateStatus.Running },
        Links = previous is null ? [Key.Image(digest)] : [Key.Image(digest), Key.Image(previous)],
        Detail = state switch
        {
            Complete => $"{space}/{name} runs it on all replicas",
            Failed => $"{space}/{name} did not become available in time",
            Mixed => $"{space}/{name} runs it beside the one before",
            _ => $"{space}/{name} is being rolled out",
        },
    };

    private Fact Check(string space, string name, string digest, Ordinal ordinal, bool passed, DateTimeOffset at) => Seen(space, name, digest, at) with
    {
        Kind = Gates.Healthy,
        Writer = SandboxClusterAdapter.Health,
        Ordinal = ordinal,
        Status = passed ? GateStatus.Passed : GateStatus.Failed,
        Detail = $"{space}/{name} {(passed ? "passed" : "failed")} its health check",
    };

    private Fact Veto(string space, string name, string digest, long sequence, DateTimeOffset at) => Seen(space, name, digest, at) with
    {
        Subject = Key.Image(digest),
        Kind = FactKinds.Veto,
        Ordinal = new Ordinal(sequence),
        Status = GateStatus.Failed,
        Name = null,
        Environment = null,
        Links = [],
        Detail = $"{space}/{name} marked it bad",
    };

    private Fact Seen(string space, string name, string digest, DateTimeOffset at) => new()
    {
        Subject = Key.Environment($"{space}/{name}"),
        Kind = "",
        Writer = SandboxClusterAdapter.Deployer,
        Ordinal = default,
        OccurredAt = at,
        Name = name,
        Environment = space,
        Revision = digest,
        Evidence = Evidence.At(new Uri(cluster, $"apis/apps/v1/namespaces/{space}/deployments/{name}"), name),
        Links = [Key.Image(digest)],
    };

    private static long? Number(JsonElement notes, string name) =>
        long.TryParse(notes.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    // Only an image that is pinned by its digest says what runs.
    private static string? DigestOf(string? image) =>
        image?.IndexOf("@sha256:", StringComparison.Ordinal) is >= 0 and var at && image.Length - at - 1 == "sha256:".Length + 64 ? image[(at + 1)..] : null;
}
