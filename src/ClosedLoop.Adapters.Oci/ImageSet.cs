using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>An image with all its digests, read once: what a digest names never changes.</summary>
/// <param name="Repository">The image repository.</param>
/// <param name="Digest">The digest by which it was read.</param>
/// <param name="Facts">One fact for each digest; none when it is no image.</param>
internal sealed record ImageSet(string Repository, string Digest, ImmutableArray<Fact> Facts)
{
    /// <summary>Decides of which commit the set is, and says so of every digest in it.</summary>
    public static ImageSet Of(RepositoryRule rule, string root, IReadOnlyList<ImageNode> nodes, ImageFacts facts, List<string> diagnostics)
    {
        var own = new Dictionary<ImageNode, List<CommitClaim>>();
        foreach (var node in nodes)
            own[node] = [.. node.Claims.Select(c => c.Resolve(rule, diagnostics)).OfType<CommitClaim>().DistinctBy(static c => c.Commit)];
        var all = own.Values.SelectMany(static c => c).DistinctBy(static c => c.Commit).ToList();
        if (all.Count > 1)
            diagnostics.Add($"the parts of {root[..19]}… name {all.Count} different commits ({string.Join(", ", all.Take(3).Select(static c => c.Commit.Value))}); only a part that names one by itself counts for it");
        return new ImageSet(rule.Name, root, [.. nodes.Select(n => facts.Read(rule, n, all.Count > 1 ? OwnOf(n) : all)).DistinctBy(static f => f.Register)]);

        // An index of different commits is of none of them.
        IReadOnlyList<CommitClaim> OwnOf(ImageNode node) => own[node.ClaimsOf ?? node] is { Count: 1 } one && node.Parents.Count > 0 ? one : [];
    }
}
