using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// The fact that an image is in the registry. What a digest names never changes, so the order says how much is known of it: 1 announced by a
/// webhook, 3 read; 1 more when what it is part of is known, 2 more when its commit is.
/// </summary>
internal sealed class ImageFacts(Writer writer, Uri? registry)
{
    public const string ImageRepositoryAttribute = "image_repository";

    private const int AnnouncedRank = 1, ReadRank = 3, ParentRank = 1, CommitRank = 2;

    /// <summary>As a webhook tells it: without its commit.</summary>
    public Fact Announced(RepositoryRule rule, PushedImage image) => Built(rule, image.Digest, image.At) with { Ordinal = new Ordinal(0, 0, AnnouncedRank) };

    /// <summary>As its manifest and configuration tell it.</summary>
    public Fact Read(RepositoryRule rule, ImageNode node, IReadOnlyList<CommitClaim> commits)
    {
        var fact = Built(rule, node.Digest, node.CreatedAt ?? DateTimeOffset.UnixEpoch);
        var attributes = fact.Attributes;
        if (commits.Count > 0)
        {
            attributes = attributes.SetItem(FactAttributes.Repository, commits[0].Repository).SetItem("revision_from", commits[0].From);
            if (commits[0].From == CommitClaim.Provenance) attributes = attributes.SetItem("provenance", "unverified");
        }
        return fact with
        {
            Ordinal = new Ordinal(0, 0, ReadRank + (node.Parents.Count > 0 ? ParentRank : 0) + (commits.Count > 0 ? CommitRank : 0)),
            Links = [.. commits.Select(static c => c.Commit), .. node.Parents.Select(Key.Image), .. node.Builds.Select(Key.Build)],
            Attributes = attributes,
        };
    }

    private Fact Built(RepositoryRule rule, string digest, DateTimeOffset at)
    {
        var attributes = ImmutableSortedDictionary<string, string>.Empty;
        if (rule.Name.Length > 0) attributes = attributes.Add(ImageRepositoryAttribute, rule.Name);
        return new Fact
        {
            Subject = Key.Image(digest),
            Kind = Gates.ImageBuilt,
            Writer = writer,
            Ordinal = default,
            Status = GateStatus.Passed,
            OccurredAt = at,
            Name = rule.Name.Length > 0 ? rule.Name : null,
            IsPartial = rule.IsPartial,
            Revision = digest,
            Detail = rule.Name.Length > 0 ? $"{rule.Name} is in the registry" : "it is an image",
            Attributes = rule.GitRepository is { } git ? attributes.Add(FactAttributes.Repository, git) : attributes,
            Evidence = registry is null ? null : Evidence.At(new Uri(registry, $"v2/{rule.Name}/manifests/{digest}"), rule.Name),
        };
    }
}
