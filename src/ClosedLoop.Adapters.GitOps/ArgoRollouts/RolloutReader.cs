using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.ArgoRollouts;

/// <summary>Reads a Rollout. Its template says what is being rolled out, its status how far that is; what ran before is not in it.</summary>
internal sealed class RolloutReader : IObjectReader
{
    private const string WorkloadGeneration = "rollout.argoproj.io/workload-generation";

    private const int MaxImages = 100;

    public bool Reads(JsonElement item) => item.Text("kind") is null or "Rollout" && item.Member("metadata") is { ValueKind: JsonValueKind.Object } && (item.Text("kind") is not null || item.Member("spec", "strategy") is not null);

    public void Read(JsonElement item, GitOpsSettings settings, Harvest harvest)
    {
        string name = item.Text("metadata", "name") ?? "", space = item.Text("metadata", "namespace") ?? "";
        string label = $"Rollout {SourceText.Quote($"{space}/{name}")}";
        var (word, message) = Assess(item);
        harvest.Words.Add(word);
        if (name.Length == 0 || settings.Find("Rollout", space, name, name) is not { } place)
        {
            harvest.Ignored.Add(name.Length == 0 ? "an object without metadata.name" : $"{label} is not listed in Targets");
            return;
        }
        ImmutableArray<ImageReference> images = [.. (item.Member("spec", "template", "spec") ?? default).Elements("containers").Take(MaxImages).Select(static c => ImageReference.Read(c.Text("image"))).OfType<ImageReference>()];
        if (images.Any(static i => i.Digest is null)) harvest.Note($"{label} runs {images.Count(static i => i.Digest is null)} image(s) by tag, of which nobody can say what they are; write image@sha256:… into the template");
        var facts = TargetFacts.Of(settings, place, images.Select(static i => i.Digest).OfType<string>(), default, null);
        if (facts is not { IsKnown: true })
        {
            harvest.Ignored.Add($"{label} names no image by its digest{(item.Member("spec", "workloadRef") is null ? "" : " (its template is in another object, spec.workloadRef)")}: what it rolls out is not known");
            return;
        }
        harvest.Hints.Add(facts.Subject);
        Judge(item, word, message, facts, harvest, label);
    }

    /// <summary>
    /// The health in the words of Argo CD, by the rules of its <c>Rollout/health.lua</c>, which have also to hold for controllers of before 1.0. Where Argo
    /// Rollouts itself waits for more before it calls one healthy, so does this.
    /// </summary>
    public static (string Word, string Message) Assess(JsonElement item)
    {
        var status = item.Member("status") ?? default;
        if (!IsGenerationObserved(item, status) || !IsWorkloadObserved(item, status)) return (HealthWord.Progressing, "Waiting for rollout spec update to be observed");
        // Somebody has let it go on, and the controller has not seen that yet: what it says is of before.
        bool isPaused = status.Elements("pauseConditions").Any();
        if (status.Flag("controllerPause") == true && !isPaused) return (HealthWord.Progressing, "waiting for rollout to unpause");
        if (status.Text("phase") is { } phase) return (phase == "Paused" ? HealthWord.Suspended : phase, status.Text("message") ?? "");
        foreach (var condition in status.Elements("conditions"))
        {
            string? type = condition.Text("type"), reason = condition.Text("reason");
            if (type == "InvalidSpec" || reason is "RolloutAborted" or "ProgressDeadlineExceeded") return (HealthWord.Degraded, condition.Text("message") ?? "");
        }
        var spec = item.Member("spec") ?? default;
        if (isPaused || spec.Flag("paused") == true) return (HealthWord.Suspended, "Rollout is paused");
        if (spec.Text("restartAt") is not null && (spec.Time("restartAt") is not { } restart || status.Time("restartedAt") != restart)) return (HealthWord.Progressing, "rollout is restarting");
        if (status.Text("currentPodHash") is not { Length: > 0 } current) return (HealthWord.Progressing, "Waiting for rollout to finish: status has not been reconciled.");
        long updated = status.Number("updatedReplicas") ?? 0;
        if (updated < (spec.Number("replicas") ?? 1)) return (HealthWord.Progressing, "Waiting for roll out to finish: More replicas need to be updated");
        if ((status.Number("availableReplicas") ?? 0) < updated) return (HealthWord.Progressing, "Waiting for roll out to finish: updated replicas are still becoming available");
        string stable = Stable(status) ?? "";
        if (spec.Member("strategy", "blueGreen") is not null)
        {
            if (status.Text("blueGreen", "activeSelector") != current) return (HealthWord.Progressing, "active service cutover pending");
            // Before 0.8 none was named of a blue-green rollout, and which one is stable cannot be known.
            if (stable != current) return (HealthWord.Progressing, "waiting for analysis to complete");
        }
        else if (spec.Member("strategy", "canary") is not null)
        {
            if ((status.Number("replicas") ?? 0) > updated) return (HealthWord.Progressing, "Waiting for roll out to finish: old replicas are pending termination");
            if (stable != current) return (HealthWord.Progressing, "Waiting for rollout to finish steps");
        }
        return (HealthWord.Healthy, "");
    }

    private static void Judge(JsonElement item, string word, string message, TargetFacts facts, Harvest harvest, string label)
    {
        var metadata = item.Member("metadata") ?? default;
        var status = item.Member("status") ?? default;
        if (metadata.Time("creationTimestamp") is not { } created || metadata.Number("generation") is not (> 0 and var generation))
        {
            harvest.Ignored.Add($"{label} has no metadata.creationTimestamp or metadata.generation, which order what is seen of it");
            return;
        }
        // A Rollout that was made anew counts its generations from 1; what its template points to has a count of its own.
        long version = generation + Math.Clamp((long)(Number(status.Member("workloadObservedGeneration")) ?? 0), 0, int.MaxValue);
        var at = When(status, word == HealthWord.Healthy) ?? created;
        if (metadata.Time("deletionTimestamp") is { } deleted)
        {
            harvest.Add(facts.Rollout(new Verdict(GateStatus.NotApplicable, Reason.None, "the rollout is being deleted", new Ordinal(created.ToUnixTimeMilliseconds(), version, TargetFacts.Gone), deleted)));
            return;
        }
        if (!HealthWord.IsKnown(word)) harvest.Note($"{label}: the phase {SourceText.Quote(word)} is not known and counts as no evidence");
        string? stable = Stable(status), current = status.Text("currentPodHash");
        bool elsewhere = stable is { Length: > 0 } && current is { Length: > 0 } && stable != current;
        bool aborted = status.Flag("abort") == true;
        var (state, reason, rank) = HealthWord.Judge(word);
        // Healthy is also said of the stable version while another one waits.
        if (state == GateStatus.Passed && (elsewhere || aborted)) (state, rank) = (GateStatus.Running, TargetFacts.Under);
        string detail = Detail(word, message, aborted);
        var ordinal = new Ordinal(created.ToUnixTimeMilliseconds(), version, rank);
        harvest.Add(facts.Rollout(new Verdict(word == HealthWord.Suspended ? GateStatus.Running : state, word == HealthWord.Suspended ? Reason.None : reason, detail, ordinal, at)));
        harvest.Add(facts.Health(new Verdict(state, reason, detail, ordinal, at)));
    }

    private static string Detail(string word, string message, bool aborted)
    {
        string said = message.Length is > 0 and <= 300 ? $": {message}" : "";
        return aborted ? $"was aborted; the version before it serves{said}" : word switch
        {
            HealthWord.Healthy => "is complete and healthy",
            HealthWord.Progressing => "is progressing" + said,
            HealthWord.Suspended => "is paused" + said,
            HealthWord.Degraded => "is degraded" + said,
            _ => "is in a phase that is not known",
        };
    }

    // A complete rollout: when it completed. Otherwise: when anything of it last changed.
    private static DateTimeOffset? When(JsonElement status, bool healthy)
    {
        DateTimeOffset? latest = null, completed = null;
        foreach (var condition in status.Elements("conditions"))
        {
            var changed = condition.Time("lastTransitionTime") ?? condition.Time("lastUpdateTime");
            if (changed > latest || latest is null) latest = changed;
            if (condition.Text("type") == "Completed" && condition.Text("status") == "True") completed = changed;
        }
        return healthy ? completed ?? latest : latest;
    }

    // Of 0.9 and before it is a hash, which may look like a number.
    private static bool IsGenerationObserved(JsonElement item, JsonElement status)
    {
        if (status.ValueKind != JsonValueKind.Object) return false;
        if (Number(status.Member("observedGeneration")) is not { } observed) return true;
        double generation = Number(item.Member("metadata", "generation")) ?? 0;
        return observed >= generation;
    }

    private static bool IsWorkloadObserved(JsonElement item, JsonElement status) =>
        item.Member("spec", "workloadRef") is null || item.Member("metadata", "annotations") is not { } annotations ||
        Number(annotations.Member(WorkloadGeneration)) == Number(status.Member("workloadObservedGeneration"));

    private static string? Stable(JsonElement status) => status.Text("stableRS") ?? status.Text("canary", "stableRS");

    private static double? Number(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out double read) && double.IsFinite(read) => read,
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out double read) && double.IsFinite(read) => read,
        _ => null,
    };
}
