using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>A revision as it is written in one place of an image: annotations, labels, or a provenance.</summary>
/// <param name="Revision">What it says, as it is.</param>
/// <param name="Source">The source that the same place names, or null.</param>
/// <param name="From">See <see cref="CommitClaim.From"/>.</param>
internal sealed record RevisionClaim(string Revision, string? Source, string From)
{
    /// <summary>The commit that it names exactly, or null with the reason.</summary>
    public CommitClaim? Resolve(RepositoryRule rule, List<string> diagnostics)
    {
        string revision = Revision.Trim(), what = rule.Name.Length > 0 ? $"{rule.Name}: the {From}" : $"the {From}";
        if (revision.Length is not (40 or 64) || !revision.All(char.IsAsciiHexDigit))
        {
            diagnostics.Add($"{what} names the revision {SourceText.Quote(Revision)}, which is no full commit id and counts for no commit: write the whole id of a clean checkout");
            return null;
        }
        if (rule.GitRepository is { } configured)
        {
            if (Source is not null && !GitRemote.Matches(Source, configured))
            {
                diagnostics.Add($"{what} names a commit of {SourceText.Quote(Source)}, which is not {configured}: it may be inherited from the base image and counts for no commit");
                return null;
            }
            return new CommitClaim(configured, Key.Commit(configured, revision), From);
        }
        if (GitRemote.NameOf(Source) is { } named) return new CommitClaim(named, Key.Commit(named, revision), From);
        diagnostics.Add($"{what} names a commit and no source repository: set Oci:Repositories:{rule.Index}:GitRepository");
        return null;
    }
}
