using System.Buffers;
using System.Text.Json;
using ClosedLoop.Adapters.Kubernetes.Rollouts;

namespace ClosedLoop.Adapters.Kubernetes.Actions;

/// <summary>
/// Works out what <c>kubectl rollout undo</c> would send for a StatefulSet or DaemonSet, whose earlier templates are ControllerRevisions. Pure.
/// Their data is itself the patch that puts the template back; ours also names the object's version, so that a change made meanwhile is not overwritten.
/// </summary>
internal static class RevisionUndo
{
    public static UndoPlan Of(Workload workload, IEnumerable<JsonElement> revisions, long toRevision)
    {
        if (toRevision < 0) return UndoPlan.NotFound(toRevision);
        var selector = workload.Json.Member("spec", "selector");
        // The order of the list stands among equal numbers, as in kubectl.
        var owned = revisions.Where(r => workload.Uid.Length > 0 && ReplicaSets.NamespaceOf(r) == workload.Namespace && Owner.UidOf(r) == workload.Uid && LabelSelector.Matches(selector, r.Member("metadata", "labels")))
            .Select(static r => (Json: r, Number: r.Number("revision") ?? 0)).ToList();
        if (toRevision == 0 && owned.Count <= 1) return UndoPlan.Refused("no last revision to roll back to");
        var found = toRevision == 0 ? owned.OrderBy(static r => r.Number).ElementAt(owned.Count - 2) : owned.Find(r => r.Number == toRevision);
        if (found.Json.ValueKind == JsonValueKind.Undefined) return UndoPlan.NotFound(toRevision);

        if (found.Json.Member("data", "spec", "template") is not { ValueKind: JsonValueKind.Object } template) return UndoPlan.Refused($"the ControllerRevision of revision {found.Number} has no template");
        if (PodTemplate.EqualsRevision(template, workload.Json.Member("spec", "template"))) return UndoPlan.Skipped(toRevision, found.Number);
        return new UndoPlan(new RollbackResult(RollbackOutcome.RolledBack, "rolled back", found.Number), PatchOf(workload, found.Json.Member("data")!.Value), "application/strategic-merge-patch+json");
    }

    private static ReadOnlyMemory<byte> PatchOf(Workload workload, JsonElement data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (workload.Json.Text("metadata", "resourceVersion") is { } version)
            {
                writer.WriteStartObject("metadata");
                writer.WriteString("resourceVersion", version);
                writer.WriteEndObject();
            }
            foreach (var member in data.EnumerateObject())
                if (!member.NameEquals("metadata"))
                    member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
