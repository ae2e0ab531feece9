using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>That an image was built of a commit, and what says so.</summary>
/// <param name="Repository">The git repository.</param>
/// <param name="Commit">The commit.</param>
/// <param name="From"><c>annotation</c>, <c>label</c> or <c>provenance</c>.</param>
internal sealed record CommitClaim(string Repository, Key Commit, string From)
{
    public const string Annotation = "annotation", Label = "label", Provenance = "provenance";
}
