using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Services that are deployed, upgraded, rolled back or removed, as the gate <c>rolled-out</c>. Written as deployer.</summary>
internal static class ServiceFacts
{
    private const int Removed = 3, Runs = 2;

    public static string? Add(CDEvent read, EventType type, SourceRule rule, CDEventsSettings settings, Reading reading)
    {
        if (!rule.Is(WriterRoles.Deployer)) return $"the source may not write as {WriterRoles.Deployer}";
        if (type.Predicate is not ("deployed" or "upgraded" or "rolledback" or "removed")) return $"{read.Name} says nothing about a gate";
        if (EventFacts.NameOf(read.Content.Text("environment", "id")) is not { } id) return "it names no environment: content.environment.id";
        if (EventFacts.NameOf(read.SubjectId) is not { } service) return "its service's id is too long, or holds control characters";
        string environment = settings.Environment(id);
        if (EventFacts.KeyOf(KeySchemes.Environment, $"{environment}/{service}") is not { } subject) return "its environment and service are too long";
        string? repository = EventFacts.RepositoryOf(read, rule, null, out string? refused);
        if (refused is not null) return refused;
        string? commit = EventFacts.CommitOf(read, rule);
        string? digest = PackageUrl.Digest(read.Content.Text("artifactId"));
        var fact = EventFacts.Of(read, subject, Gates.RolledOut, rule.As(WriterRoles.Deployer), type.Predicate == "removed" ? Removed : Runs) with
        {
            Environment = environment,
            Name = service,
            Attributes = EventFacts.Attributes((FactAttributes.Repository, repository)),
        };
        if (type.Predicate == "removed")
        {
            if (repository is null) reading.Diagnostics.Add($"{subject}: removed, but the event names no repository; set the source's Repositories, so that the target's changes are known");
            reading.Facts.Add(fact with { Status = GateStatus.NotApplicable, Detail = $"{service} was removed" });
            return null;
        }
        if (digest is null && (commit is null || repository is null))
        {
            reading.Diagnostics.Add($"{subject}: {read.Name} names no image by its digest (content.artifactId) and no commit ({string.Join('.', rule.CommitPath)}); what runs now is not known, and the record keeps what it knew");
            return "what was deployed is not known";
        }
        reading.Facts.Add(fact with
        {
            Status = GateStatus.Passed,
            Revision = digest ?? commit,
            Links = digest is not null ? [Key.Image(digest)] : [Key.Commit(repository!, commit!)],
            Detail = type.Predicate == "rolledback" ? $"{service} was rolled back" : $"{service} was {type.Predicate}",
        });
        return null;
    }
}
