using System.Text.Json;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Flux;

/// <summary>Reads a Kustomization or HelmRelease: whether what it asks for now is applied, and which revision and images that is.</summary>
internal sealed class FluxReader : IObjectReader
{
    public const string Kustomization = "Kustomization", HelmRelease = "HelmRelease";

    private const int MaxImages = 200;

    public bool Reads(JsonElement item) => item.Text("kind") is Kustomization or HelmRelease && item.Member("metadata") is { ValueKind: JsonValueKind.Object };

    public void Read(JsonElement item, GitOpsSettings settings, Harvest harvest)
    {
        string kind = item.Text("kind")!, name = item.Text("metadata", "name") ?? "", space = item.Text("metadata", "namespace") ?? "";
        string label = $"{kind} {SourceText.Quote($"{space}/{name}")}";
        var state = Assess(item);
        harvest.Words.Add(state.Word);
        if (name.Length == 0 || settings.Find(kind, space, name, TargetOf(kind, space, name)) is not { } place)
        {
            harvest.Ignored.Add(name.Length == 0 ? "an object without metadata.name" : $"{label} is not listed in Targets");
            return;
        }
        var status = item.Member("status") ?? default;
        string? applied = status.Text("lastAppliedOriginRevision") ?? status.Text("lastAppliedRevision"), attempted = status.Text("lastAttemptedRevision");
        bool complete = state.Word == HealthWord.Healthy && (attempted is null || kind == HelmRelease || attempted == status.Text("lastAppliedRevision"));
        // What fails or is under way is what was tried, not what was applied before.
        string? revision = complete || attempted is null ? applied : attempted;
        var source = SourceRevision.Read(revision);
        if (source.Commit is null && source.Digest is null && kind == HelmRelease) source = new SourceRevision(null, ImageReference.DigestOf(status.Elements("history").Select(static h => h.Text("ociDigest")).FirstOrDefault()));
        var facts = TargetFacts.Of(settings, place, Images(item, kind), source, revision);
        if (facts is null)
        {
            harvest.Ignored.Add($"{label}: its environment and name are too long for a key");
            return;
        }
        if (!facts.IsKnown)
        {
            harvest.Ignored.Add($"{label}: its revision is of no repository in Targets, and it names no image by its digest: what runs is not known");
            return;
        }
        harvest.Hints.Add(facts.Subject);
        Judge(item, kind, state, complete, facts, harvest, label);
    }

    /// <summary>The name of a target that has none: Kustomizations and HelmReleases of one name are two objects.</summary>
    public static string TargetOf(string kind, string space, string name) => $"{kind.ToLowerInvariant()}/{space}/{name}";

    /// <summary>The health, by Flux's own rule: Ready is True of this generation, and nothing is being reconciled.</summary>
    public static FluxState Assess(JsonElement item)
    {
        if (item.Member("spec", "suspend")?.ValueKind == JsonValueKind.True) return new FluxState(HealthWord.Suspended, "", "is suspended", null);
        var status = item.Member("status") ?? default;
        long? generation = (item.Member("metadata") ?? default).Number("generation");
        JsonElement ready = default;
        bool reconciling = false, stalled = false;
        foreach (var condition in status.Elements("conditions"))
        {
            bool isTrue = condition.Text("status") == "True";
            switch (condition.Text("type"))
            {
                case "Ready": ready = condition; break;
                case "Reconciling": reconciling |= isTrue; break;
                case "Stalled": stalled |= isTrue; break;
            }
        }
        var at = ready.Time("lastTransitionTime");
        string reason = ready.Text("reason") ?? "";
        if (ready.ValueKind != JsonValueKind.Object) return new FluxState(HealthWord.Progressing, "", "has not been reconciled yet", null);
        // Of an older generation: it speaks of what was asked for before.
        if (generation is not null && !(status.Number("observedGeneration") >= generation && (ready.Number("observedGeneration") ?? generation) >= generation)) return new FluxState(HealthWord.Progressing, reason, "has not observed its newest generation", at);
        return (ready.Text("status"), stalled, reconciling) switch
        {
            (_, true, _) => new FluxState(HealthWord.Degraded, reason, "is stalled", at),
            ("True", _, true) or ("Unknown", _, _) => new FluxState(HealthWord.Progressing, reason, "is being reconciled", at),
            ("True", _, _) => new FluxState(HealthWord.Healthy, reason, "is ready", at),
            ("False", _, _) when reason is "DependencyNotReady" or "Progressing" or "ProgressingWithRetry" => new FluxState(HealthWord.Progressing, reason, "waits", at),
            ("False", _, _) => new FluxState(HealthWord.Degraded, reason, "failed", at),
            _ => new FluxState(ready.Text("status") ?? "", reason, "has a condition Ready that is not known", at),
        };
    }

    private static void Judge(JsonElement item, string kind, FluxState state, bool complete, TargetFacts facts, Harvest harvest, string label)
    {
        if ((item.Member("metadata") ?? default).Time("deletionTimestamp") is { } deleted)
        {
            harvest.Add(facts.Rollout(new Verdict(GateStatus.NotApplicable, Reason.None, "is being deleted", Ordinal.At(deleted, TargetFacts.Gone), deleted)));
            return;
        }
        if (state.At is not { } at)
        {
            // Suspended or new: what it did before stays as it was.
            harvest.Ignored.Add($"{label} {state.Detail}");
            return;
        }
        if (!HealthWord.IsKnown(state.Word)) harvest.Note($"{label}: the condition Ready has the status {SourceText.Quote(state.Word)}, which is not known and counts as no evidence");
        var (status, reason, rank) = HealthWord.Judge(state.Word);
        if (status == GateStatus.Passed && !complete) (status, rank) = (GateStatus.Running, TargetFacts.Under);
        string detail = state.Reason.Length is > 0 and <= 100 ? $"{state.Detail} ({state.Reason})" : state.Detail;
        harvest.Add(facts.Rollout(new Verdict(status, reason, detail, Ordinal.At(at, rank), at)));
        if (ChecksHealth(item, kind) || state.Reason is "HealthCheckFailed" or "TestFailed") harvest.Add(facts.Health(new Verdict(status, reason, detail, Ordinal.At(at, rank), at)));
    }

    // Ready without a wait says that manifests were accepted, and nothing of what they started.
    private static bool ChecksHealth(JsonElement item, string kind)
    {
        var spec = item.Member("spec") ?? default;
        if (kind == Kustomization) return spec.Flag("wait") == true || spec.Elements("healthChecks").Any();
        return spec.Member("install")?.Flag("disableWait") != true && spec.Member("upgrade")?.Flag("disableWait") != true;
    }

    // Where images are pinned by the object itself: Kustomize's own list, and the customary values of a chart.
    private static IEnumerable<string> Images(JsonElement item, string kind)
    {
        var spec = item.Member("spec") ?? default;
        if (kind == Kustomization)
        {
            foreach (var image in spec.Elements("images").Take(MaxImages))
                if ((ImageReference.DigestOf(image.Text("digest")) ?? ImageReference.Read(image.Text("newTag") is { } tag && tag.Contains('@', StringComparison.Ordinal) ? "x:" + tag : null)?.Digest) is { } digest)
                    yield return digest;
        }
        else if (spec.Member("values", "image") is { ValueKind: JsonValueKind.Object } image && (ImageReference.DigestOf(image.Text("digest")) ?? ImageReference.Read("x:" + image.Text("tag"))?.Digest) is { } pinned)
        {
            yield return pinned;
        }
    }
}
