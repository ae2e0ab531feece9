using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.Kubernetes.Rollouts;

namespace ClosedLoop.Adapters.Kubernetes.Actions;

/// <summary>
/// Works out what <c>kubectl rollout undo</c> would send for a Deployment, and holds the answer for every kind. Pure. One operation is ours: the patch begins with a test of the
/// Deployment's version, so that a change made meanwhile is not overwritten.
/// </summary>
internal sealed record UndoPlan(RollbackResult Result, ReadOnlyMemory<byte> Patch = default, string MediaType = "application/json-patch+json")
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    // These describe the Deployment itself; everything else comes from the ReplicaSet, and what only the Deployment has is lost.
    private static readonly HashSet<string> KeptAnnotations = new(StringComparer.Ordinal)
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        RevisionAnnotation,
        "deployment.kubernetes.io/revision-history",
        "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas",
        "deprecated.deployment.rollback.to",
    };

    public static UndoPlan Of(Workload deployment, IEnumerable<JsonElement> replicaSets, long toRevision)
    {
        if (toRevision < 0) return NotFound(toRevision);
        var selector = deployment.Json.Member("spec", "selector");
        var owned = ReplicaSets.OwnedBy(deployment, replicaSets.Where(r => LabelSelector.Matches(selector, r.Member("metadata", "labels"))));
        if (Find(owned, ReplicaSets.Newest(deployment, owned), toRevision) is not { } found)
            return toRevision > 0 ? NotFound(toRevision) : Refused($"no rollout history found for deployment \"{deployment.Name}\"");
        var (set, revision) = found;
        if (deployment.Json.Member("spec")?.Flag("paused") == true) return Refused("you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again");
        if (PodTemplate.EqualIgnoringHash(set.Member("spec", "template"), deployment.Json.Member("spec", "template")))
            return Skipped(toRevision, revision);
        return set.Member("spec", "template") is { ValueKind: JsonValueKind.Object } template
            ? new UndoPlan(new RollbackResult(RollbackOutcome.RolledBack, "rolled back", revision), PatchOf(deployment, set, template))
            : Refused($"the ReplicaSet of revision {revision} has no template");
    }

    /// <summary>Why an undo would not last, or null: what is kept in git is put back by the controller that reads it.</summary>
    public static string? KeptInGit(Workload workload)
    {
        foreach (string part in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (workload.Json.Member("metadata", part) is not { ValueKind: JsonValueKind.Object } names) continue;
            foreach (var member in names.EnumerateObject())
            {
                if (member.Name.StartsWith("argocd.argoproj.io/", StringComparison.Ordinal)) return "Argo CD";
                if (member.Name.StartsWith("kustomize.toolkit.fluxcd.io/", StringComparison.Ordinal) || member.Name.StartsWith("helm.toolkit.fluxcd.io/", StringComparison.Ordinal)) return "Flux";
            }
        }
        return null;
    }

    // The one with the newest template is looked at last; a revision that is no number is passed over.
    private static (JsonElement Set, long Revision)? Find(List<JsonElement> owned, JsonElement? newest, long toRevision)
    {
        string? uid = newest is { } set ? ReplicaSets.UidOf(set) : null;
        var inOrder = owned.Where(r => uid is null || ReplicaSets.UidOf(r) != uid).ToList();
        if (newest is { } last) inOrder.Add(last);
        (JsonElement Set, long Revision)? latest = null, previous = null;
        foreach (var candidate in inOrder)
        {
            if (RevisionOf(candidate) is not { } revision) continue;
            if (toRevision > 0)
            {
                if (revision == toRevision) return (candidate, revision);
            }
            else if (revision > (latest?.Revision ?? -1)) (previous, latest) = (latest, (candidate, revision));
            else if (revision > (previous?.Revision ?? -1)) previous = (candidate, revision);
        }
        return previous;
    }

    private static long? RevisionOf(JsonElement replicaSet)
    {
        if (replicaSet.Member("metadata", "annotations", RevisionAnnotation) is not { } value) return 0;
        return long.TryParse(value.AsText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long revision) ? revision : null;
    }

    private static ReadOnlyMemory<byte> PatchOf(Workload deployment, JsonElement set, JsonElement template)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            if (deployment.Json.Text("metadata", "resourceVersion") is { } version)
            {
                Operation("test", "/metadata/resourceVersion");
                writer.WriteString("value", version);
                writer.WriteEndObject();
            }
            Operation("replace", "/spec/template");
            writer.WritePropertyName("value");
            WriteWithoutHash(writer, template);
            writer.WriteEndObject();
            Operation("replace", "/metadata/annotations");
            writer.WriteStartObject("value");
            WriteAnnotations(writer, deployment.Json, kept: true);
            WriteAnnotations(writer, set, kept: false);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();

            void Operation(string name, string path)
            {
                writer.WriteStartObject();
                writer.WriteString("op", name);
                writer.WriteString("path", path);
            }
        }
        return buffer.WrittenMemory;
    }

    private static void WriteWithoutHash(Utf8JsonWriter writer, JsonElement template)
    {
        writer.WriteStartObject();
        foreach (var member in template.EnumerateObject())
        {
            if (!member.NameEquals("metadata") || member.Value.ValueKind != JsonValueKind.Object)
            {
                member.WriteTo(writer);
                continue;
            }
            writer.WriteStartObject("metadata");
            foreach (var inner in member.Value.EnumerateObject())
            {
                if (!inner.NameEquals("labels") || inner.Value.ValueKind != JsonValueKind.Object)
                {
                    inner.WriteTo(writer);
                    continue;
                }
                writer.WriteStartObject("labels");
                foreach (var label in inner.Value.EnumerateObject())
                    if (!label.NameEquals(PodTemplate.HashLabel))
                        label.WriteTo(writer);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter writer, JsonElement json, bool kept)
    {
        if (json.Member("metadata", "annotations") is not { ValueKind: JsonValueKind.Object } annotations) return;
        foreach (var annotation in annotations.EnumerateObject())
            if (KeptAnnotations.Contains(annotation.Name) == kept)
                annotation.WriteTo(writer);
    }

    public static UndoPlan NotFound(long revision) => Refused($"unable to find specified revision {revision} in history");

    // kubectl's words name what was asked for, 0 included.
    public static UndoPlan Skipped(long asked, long revision) => new(new RollbackResult(RollbackOutcome.Skipped, $"skipped rollback (current template already matches revision {asked})", revision));

    public static UndoPlan Refused(string message) => new(new RollbackResult(RollbackOutcome.Refused, message));
}
