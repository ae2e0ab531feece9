using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>The fact that an image is in the registry. What a digest names never changes, so the order only says how much was read of it.</summary>
internal sealed class ImageFacts(Uri registry)
{
    /// <summary>As a notification tells it: without its commit.</summary>
    public Fact Announced(string repository, string digest, DateTimeOffset at) => Built(repository, digest, at) with { Ordinal = new Ordinal(0, 0, 1) };

    /// <summary>As its manifest and config tell it.</summary>
    public Fact Read(string repository, string digest, DateTimeOffset at, string? commit) => Built(repository, digest, at) with
    {
        Ordinal = new Ordinal(0, 0, 2),
        Links = commit is null ? [] : [Key.Commit(repository, commit)],
    };

    private Fact Built(string repository, string digest, DateTimeOffset at) => new()
    {
        Subject = Key.Image(digest),
        Kind = Gates.ImageBuilt,
        Writer = SandboxRegistryAdapter.Writer,
        Ordinal = default,
        Status = GateStatus.Passed,
        OccurredAt = at,
        Revision = digest,
        Detail = $"{repository} is in the registry",
        Attributes = ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, repository),
        Evidence = Evidence.At(new Uri(registry, $"v2/{repository}/manifests/{digest}"), repository),
    };
}
