using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>Which event says what a transition says: CDEvents' own where it says the same and all that it requires is known, else a custom one.</summary>
/// <param name="Subject">The subject's type as 0.4 writes it.</param>
/// <param name="Predicate">What happened to it.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="Write">Writes the content's members.</param>
internal sealed record EventShape(string Subject, string Predicate, string SubjectId, Action<Utf8JsonWriter> Write)
{
    /// <summary>Custom types have the subject <c>TOOL-SUBJECT</c> (CDEvents' custom/README).</summary>
    public const string GateSubject = "closedloop-gate", ItemSubject = "closedloop-item";

    public bool IsCustom => Subject is GateSubject or ItemSubject;

    /// <param name="transition">What changed.</param>
    /// <param name="fact">The deciding evidence as it is now, when it is there.</param>
    /// <param name="version">What the content is written for.</param>
    public static EventShape Of(Transition transition, Fact? fact, CDEventsVersion version)
    {
        if (transition.Kind != TransitionKind.Gate)
            return new EventShape(ItemSubject, transition.Kind.ToString().ToLowerInvariant(), transition.ItemId, static _ => { });
        return Standard(transition, fact, version) ?? new EventShape(GateSubject, "changed", transition.ItemId, static _ => { });
    }

    private static EventShape? Standard(Transition transition, Fact? fact, CDEventsVersion version)
    {
        string address = version == CDEventsVersion.V04 ? "url" : "uri";
        bool passed = transition.To == GateStatus.Passed, failed = transition.To == GateStatus.Failed;
        var subject = transition.Subject ?? default;
        switch (transition.Gate)
        {
            case Gates.PrOpened when passed: return Change("created");
            case Gates.Reviewed when passed: return Change("reviewed");
            case Gates.Merged when passed: return Change("merged");
            case Gates.Merged when failed && transition.Reason == Reason.Abandoned: return Change("abandoned");
            case Gates.MainCi when (passed || failed || transition.To == GateStatus.Running) && transition.Reason != Reason.Regressed && !subject.IsEmpty:
                return new EventShape("pipelineRun", passed || failed ? "finished" : "started", subject.Value, json =>
                {
                    json.WriteString("pipelineName", fact?.Name ?? transition.Gate);
                    if (transition.Evidence?.Url is { } url) json.WriteString(address, url.AbsoluteUri);
                    if (passed || failed) json.WriteString("outcome", passed ? "success" : "failure");
                    if (failed && transition.Detail is { } detail) json.WriteString("errors", detail);
                });
            case Gates.ImageBuilt when passed && subject.Is(KeySchemes.Image) && Digest(subject.Value) is { } digest:
                return new EventShape("artifact", "published", Purl(fact, digest), static _ => { });
            case Gates.RolledOut when fact is { Environment: { } environment, Name: { } service } && Digest(fact.Revision) is { } digest && (passed || (failed && transition.Reason == Reason.Regressed)):
                return new EventShape("service", passed ? "deployed" : "rolledback", service, json =>
                {
                    WriteReference(json, "environment", environment);
                    json.WriteString("artifactId", Purl(fact, digest));
                });
            case Gates.Healthy when fact?.Environment is { } environment && Digest(fact.Revision) is { } digest && (failed || (passed && transition.From == GateStatus.Failed)):
                return new EventShape("incident", failed ? "detected" : "resolved", transition.ItemId, json =>
                {
                    if (transition.Detail is { } detail) json.WriteString("description", detail);
                    WriteReference(json, "environment", environment);
                    if (fact.Name is { } service) WriteReference(json, "service", service);
                    json.WriteString("artifactId", Purl(fact, digest));
                });
            default: return null;
        }

        EventShape? Change(string predicate)
        {
            string text = subject.IsEmpty ? "" : subject.Value;
            // review:owner/repo#12/reviewer is of the same pull request.
            int number = text.LastIndexOf('#'), at = text.LastIndexOf('@');
            if (number > 0 && (subject.Is(KeySchemes.PullRequest) || subject.Is(KeySchemes.Review)))
                return new EventShape("change", predicate, text[(number + 1)..].Split('/')[0], json => WriteReference(json, "repository", text[..number]));
            return at > 0 && subject.Is(KeySchemes.Commit) ? new EventShape("change", predicate, text[(at + 1)..], json => WriteReference(json, "repository", text[..at])) : null;
        }
    }

    private static void WriteReference(Utf8JsonWriter json, string name, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("id", id);
        json.WriteEndObject();
    }

    private static string? Digest(string? text) => text is not null && text.Contains(':', StringComparison.Ordinal) ? PackageUrl.Digest(text) : null;

    // A package URL has to have a name; the digest is what identifies.
    private static string Purl(Fact? fact, string digest) => PackageUrl.Of(fact?.Attribute(FactAttributes.Repository) is { Length: > 0 } repository ? repository[(repository.LastIndexOf('/') + 1)..] : "image", digest);
}
