using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Artifacts that are images, as the gate <c>image-built</c>. Written as registry, or as CI by a source that is no registry.</summary>
internal static class ArtifactFacts
{
    private const int Packaged = 1, Published = 2;

    public static string? Add(CDEvent read, EventType type, SourceRule rule, Reading reading)
    {
        string? role = rule.Is(WriterRoles.Registry) ? WriterRoles.Registry : rule.Is(WriterRoles.Ci) ? WriterRoles.Ci : null;
        if (role is null) return $"the source may write neither as {WriterRoles.Registry} nor as {WriterRoles.Ci}";
        if (type.Predicate is not ("packaged" or "published")) return $"{read.Name} says nothing about a gate";
        if (PackageUrl.Digest(read.SubjectId) is not { } digest) return $"{SourceText.Quote(read.SubjectId)} has no sha256 digest for its version: it is no image, or not known which";
        string? source = read.Content.Text("change", "source");
        string? repository = EventFacts.RepositoryOf(read, rule, read.Content.Text("repository", "id") ?? (RepositoryName.Read(source) is null ? null : source), out string? refused);
        if (refused is not null) return refused;
        string? commit = EventFacts.CommitOf(read, rule) ?? CommitId.Read(read.Content.Text("change", "id"));
        var origin = EventFacts.Origin(read, rule, repository, commit);
        var image = Key.Image(digest);
        var writer = rule.As(role);
        bool published = type.Predicate == "published" || rule.PackagedMeansPublished;
        reading.Facts.Add(EventFacts.Of(read, image, Gates.ImageBuilt, writer, 0) with
        {
            // What a digest names never changes: the order says only how far it got, and the first event when.
            Ordinal = new Ordinal(0, 0, published ? Published : Packaged),
            Status = published ? GateStatus.Passed : GateStatus.Running,
            Revision = digest,
            Detail = published ? "the image is in the registry" : "the image is packaged, and not published yet",
            Links = origin,
            Attributes = EventFacts.Attributes((FactAttributes.Repository, repository)),
        });
        // Published does not say what packaged said; a fact of its own outlives it.
        if (!origin.IsEmpty) reading.Facts.Add(EventFacts.Of(read, image, FactKinds.Link, writer, 0) with { Ordinal = new Ordinal(0), OccurredAt = read.At, Links = origin });
        return null;
    }
}
