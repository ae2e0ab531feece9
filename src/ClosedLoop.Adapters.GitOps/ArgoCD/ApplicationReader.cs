using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.ArgoCD;

/// <summary>Reads an Application: of the API, of the cluster, or the parts of it that a notification carries. All three look the same.</summary>
/// <remarks>
/// What runs is what <c>status.summary.images</c> names by digest: these are the images of the pods. The synced revision is the configuration's, and says
/// nothing of the application's own commit.
/// </remarks>
internal sealed class ApplicationReader : IObjectReader
{
    private const int MaxImages = 1_000;

    public bool Reads(JsonElement item) => item.Text("kind") is null or "Application" && item.Member("metadata") is { ValueKind: JsonValueKind.Object } && (item.Text("kind") is not null || item.Member("status", "health") is not null || item.Member("status", "sync") is not null || item.Member("status", "summary") is not null);

    public void Read(JsonElement item, GitOpsSettings settings, Harvest harvest)
    {
        string name = item.Text("metadata", "name") ?? "", space = item.Text("metadata", "namespace") ?? "";
        string label = $"Application {SourceText.Quote(name)}";
        var status = item.Member("status") ?? default;
        string? word = status.Text("health", "status");
        if (word is not null) harvest.Words.Add(word);
        if (name.Length == 0 || settings.Find("Application", space, name, name) is not { } place)
        {
            harvest.Ignored.Add(name.Length == 0 ? "an object without metadata.name" : $"{label} is not listed in Targets");
            return;
        }
        ImmutableArray<ImageReference> images = [.. (status.Member("summary") ?? default).Elements("images").Take(MaxImages).Select(static i => ImageReference.Read(i.AsText())).OfType<ImageReference>()];
        var facts = TargetFacts.Of(settings, place, images.Select(static i => i.Digest).OfType<string>(), RevisionOf(status), status.Text("sync", "revision"));
        if (facts is null)
        {
            harvest.Ignored.Add($"{label}: its environment and name are too long for a key");
            return;
        }
        if (images.Any(static i => i.Digest is null)) harvest.Note($"{label} runs {images.Count(static i => i.Digest is null)} image(s) by tag, of which nobody can say what they are; write image@sha256:… into the manifests");
        if (!facts.IsKnown)
        {
            harvest.Ignored.Add($"{label} names no image by its digest, and its revision is of no repository in Targets: what runs is not known");
            return;
        }
        harvest.Hints.Add(facts.Subject);
        Judge(item, status, word, ImageReference.AreMixed(images), facts, settings, harvest, label);
    }

    private static void Judge(JsonElement item, JsonElement status, string? word, bool mixed, TargetFacts facts, GitOpsSettings settings, Harvest harvest, string label)
    {
        var operation = status.Member("operationState") ?? default;
        string? phase = operation.Text("phase");
        bool busy = phase is "Running" or "Terminating";
        var synced = operation.Time("finishedAt") ?? operation.Time("startedAt") ?? Deployed(status);
        var changed = (status.Member("health") ?? default).Time("lastTransitionTime");
        // Before Argo CD 2.14 health has no time of its own: then only the time of the comparison orders what was seen.
        var at = Later(synced, changed ?? status.Time("reconciledAt"));
        if (at is not { } seen)
        {
            harvest.Ignored.Add($"{label} has never been synced or compared");
            return;
        }
        if ((item.Member("metadata") ?? default).Time("deletionTimestamp") is { } deleted)
        {
            harvest.Add(facts.Rollout(new Verdict(GateStatus.NotApplicable, Reason.None, "the application is being deleted", Ordinal.At(Later(seen, deleted)!.Value, TargetFacts.Gone), deleted)));
            return;
        }
        if (phase is not (null or "Running" or "Terminating" or "Succeeded" or "Failed" or "Error"))
        {
            harvest.Note($"{label}: the operation's phase {SourceText.Quote(phase)} is not known and counts as no evidence");
            harvest.Add(facts.Rollout(new Verdict(GateStatus.Waiting, Reason.Unrecognized, "the sync is in a phase that is not known", Ordinal.At(seen, TargetFacts.Under), seen)));
            return;
        }
        if (!HealthWord.IsKnown(word)) harvest.Note($"{label}: the health {SourceText.Quote(word ?? "")} is not known and counts as no evidence");
        harvest.Add(facts.Rollout(Rollout(word, phase, busy, mixed, seen)));
        harvest.Add(facts.Health(Health(word, busy, mixed, synced, changed, status.Time("reconciledAt") ?? harvest.Seen, seen, settings.SettleTime)));
    }

    // Only pods that are all of one version, and all there, are a rollout that is complete; what git says does not matter.
    private static Verdict Rollout(string? word, string? phase, bool busy, bool mixed, DateTimeOffset at)
    {
        var (status, reason, detail, rank) = (busy, phase, word) switch
        {
            (true, _, _) => (GateStatus.Running, Reason.None, "is being synced", TargetFacts.Under),
            (_, "Failed" or "Error", _) => (GateStatus.Failed, Reason.None, "the sync failed", TargetFacts.Bad),
            (_, _, HealthWord.Healthy) when mixed => (GateStatus.Running, Reason.None, "old and new images serve together", TargetFacts.Under),
            (_, _, HealthWord.Healthy) => (GateStatus.Passed, Reason.None, "runs these images, and is healthy", TargetFacts.Good),
            (_, _, HealthWord.Degraded) => (GateStatus.Failed, Reason.None, "is degraded", TargetFacts.Bad),
            (_, _, HealthWord.Progressing) => (GateStatus.Running, Reason.None, "is progressing", TargetFacts.Under),
            (_, _, HealthWord.Suspended) => (GateStatus.Running, Reason.None, "is suspended", TargetFacts.Under),
            (_, _, HealthWord.Missing or HealthWord.Unknown) => (GateStatus.Waiting, Reason.Inconclusive, "its resources are missing, or cannot be judged", TargetFacts.Under),
            _ => (GateStatus.Waiting, Reason.Unrecognized, "has a health that is not known", TargetFacts.Under),
        };
        return new Verdict(status, reason, detail, Ordinal.At(at, rank), at);
    }

    // The API does not tell when it compared; then it is when it was read. Health that has not changed since before the sync can be that of the version before (argo-cd#4669).
    private static Verdict Health(string? word, bool busy, bool mixed, DateTimeOffset? synced, DateTimeOffset? changed, DateTimeOffset compared, DateTimeOffset at, TimeSpan settle)
    {
        var (status, reason, rank) = HealthWord.Judge(word);
        string detail = word is null ? "has no health" : $"health is {SourceText.Quote(word)}";
        if (status == GateStatus.Passed)
        {
            bool stale = synced is { } end && (changed is null || changed < end);
            if (busy || mixed) (status, rank, detail) = (GateStatus.Running, TargetFacts.Under, "healthy, while another version is on its way");
            else if (stale && !(compared - synced >= settle)) (status, rank, detail) = (GateStatus.Running, TargetFacts.Under, "healthy, which may still be that of before the sync");
            else if (stale) at = Later(at, synced + settle)!.Value;
        }
        return new Verdict(status, reason, detail, Ordinal.At(at, rank), at);
    }

    private static SourceRevision RevisionOf(JsonElement status) => status.Text("sync", "status") == "Synced" ? SourceRevision.Read(status.Text("sync", "revision")) : default;

    private static DateTimeOffset? Deployed(JsonElement status) => status.Elements("history").Select(static h => h.Time("deployedAt")).Max();

    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) => left is null ? right : right is null || left >= right ? left : right;
}
