using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Incidents at what runs, as the gate <c>healthy</c>. Written as health.</summary>
internal static class IncidentFacts
{
    private const int Open = 1, Resolved = 2;

    public static string? Add(CDEvent read, EventType type, SourceRule rule, CDEventsSettings settings, Reading reading)
    {
        if (!rule.Is(WriterRoles.Health)) return $"the source may not write as {WriterRoles.Health}";
        if (type.Predicate is not ("detected" or "reported" or "resolved")) return $"{read.Name} says nothing about a gate";
        if (EventFacts.NameOf(read.Content.Text("environment", "id")) is not { } id) return "it names no environment: content.environment.id";
        if (PackageUrl.Digest(read.Content.Text("artifactId")) is not { } digest) return "it names no image by its digest (content.artifactId), and so no version";
        string environment = settings.Environment(id);
        string? service = EventFacts.NameOf(read.Content.Text("service", "id"));
        if (EventFacts.KeyOf(KeySchemes.Environment, service is null ? environment : $"{environment}/{service}") is not { } subject) return "its environment and service are too long";
        string? repository = EventFacts.RepositoryOf(read, rule, null, out string? refused);
        if (refused is not null) return refused;
        bool resolved = type.Predicate == "resolved";
        string what = EventFacts.NameOf(read.Content.Text("description")) ?? "an incident";
        reading.Facts.Add(EventFacts.Of(read, subject, Gates.Healthy, rule.As(WriterRoles.Health), resolved ? Resolved : Open) with
        {
            Environment = environment,
            Name = service,
            Status = resolved ? GateStatus.Passed : GateStatus.Failed,
            // Not a dip: somebody or something found the version bad, and only the end of that takes it back.
            Reason = resolved ? Reason.None : Reason.Regressed,
            Revision = digest,
            Detail = resolved ? $"resolved: {what}" : what,
            Evidence = (read.Content.Text("ticketURI") ?? read.Content.Text("uri")) is { Length: <= 2_000 } ticket ? Evidence.From(ticket, EventFacts.NameOf(read.SubjectId)) : null,
            Links = [Key.Image(digest)],
            Attributes = EventFacts.Attributes((FactAttributes.Repository, repository)),
        });
        return null;
    }
}
