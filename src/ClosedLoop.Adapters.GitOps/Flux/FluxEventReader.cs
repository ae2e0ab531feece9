using System.Text.Json;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Flux;

/// <summary>
/// Reads an event of Flux's notification controller (providers generic and generic-hmac). It says what was done with which revision; the images are in the
/// object, which is read next.
/// </summary>
internal static class FluxEventReader
{
    public static bool Reads(JsonElement item) => item.Member("involvedObject") is { ValueKind: JsonValueKind.Object };

    public static void Read(JsonElement item, GitOpsSettings settings, Harvest harvest)
    {
        var about = item.Member("involvedObject")!.Value;
        string kind = about.Text("kind") ?? "", name = about.Text("name") ?? "", space = about.Text("namespace") ?? "", reason = item.Text("reason") ?? "";
        string label = $"{SourceText.Quote(kind)} {SourceText.Quote($"{space}/{name}")}";
        harvest.Event = kind.Length is > 0 and <= 60 && kind.All(char.IsAsciiLetter) ? kind.ToLowerInvariant() : "event";
        if (kind is not (FluxReader.Kustomization or FluxReader.HelmRelease) || name.Length == 0)
        {
            harvest.Ignored.Add($"{label} deploys nothing");
            return;
        }
        if (settings.Find(kind, space, name, FluxReader.TargetOf(kind, space, name)) is not { } place)
        {
            harvest.Ignored.Add($"{label} is not listed in Targets");
            return;
        }
        if (item.Time("timestamp") is not { } at)
        {
            harvest.Ignored.Add($"{label}: the event has no timestamp");
            return;
        }
        string? revision = Revision(item.Member("metadata") ?? default, kind);
        var facts = TargetFacts.Of(settings, place, [], SourceRevision.Read(revision), revision);
        if (facts is null)
        {
            harvest.Ignored.Add($"{label}: its environment and name are too long for a key");
            return;
        }
        harvest.Hints.Add(facts.Subject);
        if (!facts.IsKnown)
        {
            harvest.Ignored.Add($"{label}: the event names no revision of a repository in Targets; the object is read instead");
            return;
        }
        var (status, why, rank, health) = Judge(reason, item.Text("severity"));
        if (why == Reason.Unrecognized) harvest.Note($"{label}: the reason {SourceText.Quote(reason)} is not known and counts as no evidence");
        var verdict = new Verdict(status, why, reason.Length is > 0 and <= 100 && reason.All(char.IsAsciiLetterOrDigit) ? reason : "an event without a reason", Ordinal.At(at, rank), at);
        harvest.Add(facts.Rollout(verdict));
        if (health || (settings.EventsIncludeHealth && status is GateStatus.Passed)) harvest.Add(facts.Health(verdict));
    }

    private static (GateStatus Status, Reason Reason, int Rank, bool IsHealth) Judge(string reason, string? severity) => reason switch
    {
        "ReconciliationSucceeded" or "InstallSucceeded" or "UpgradeSucceeded" or "TestSucceeded" when severity != "error" => (GateStatus.Passed, Reason.None, TargetFacts.Good, false),
        "HealthCheckFailed" or "TestFailed" => (GateStatus.Failed, Reason.None, TargetFacts.Bad, true),
        "ReconciliationFailed" or "BuildFailed" or "ArtifactFailed" or "PruneFailed" or "InstallFailed" or "UpgradeFailed" or "UninstallFailed" or "RollbackFailed" => (GateStatus.Failed, Reason.None, TargetFacts.Bad, false),
        // What was rolled back is not what runs.
        "RollbackSucceeded" or "UninstallSucceeded" => (GateStatus.Failed, Reason.None, TargetFacts.Bad, false),
        "Progressing" or "ProgressingWithRetry" => (GateStatus.Running, Reason.None, TargetFacts.Under, false),
        "DependencyNotReady" or "Suspended" => (GateStatus.Waiting, Reason.Inconclusive, TargetFacts.Under, false),
        _ => (GateStatus.Waiting, Reason.Unrecognized, TargetFacts.Under, false),
    };

    // The names may stand behind the group of the involved object's kind.
    private static string? Revision(JsonElement metadata, string kind)
    {
        string group = kind == FluxReader.Kustomization ? "kustomize.toolkit.fluxcd.io/" : "helm.toolkit.fluxcd.io/";
        foreach (string name in new[] { "commit", "originRevision", "revision" })
            if ((metadata.Text(name) ?? metadata.Text(group + name)) is { Length: > 0 } found)
                return found;
        return null;
    }
}
