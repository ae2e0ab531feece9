using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>
/// The fact of where a line stands. A push is ordered by GitHub's time of it, a look by the last second before which its answer is surely
/// not older (<see cref="Probing.GitHubReply.AsOf"/>), both in whole seconds of GitHub's clock.
/// </summary>
/// <remarks>
/// Within one second a push comes after a look, since the look may have been before it. Of two pushes in one second the one whose commit
/// is the later comes last, which is wrong when an older commit is pushed back at once. Neither error lasts: a push asks for a look a few
/// seconds later, and each sweep looks again. Until then a head that is too old takes nothing back from what landed after it.
/// </remarks>
internal static class HeadFacts
{
    /// <param name="repository">The repository.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="commit">Its newest commit.</param>
    /// <param name="pushedAt">By GitHub's clock.</param>
    /// <param name="committedAt">The commit's own time, which only orders pushes within one second.</param>
    public static Fact? OfPush(string repository, string branch, string commit, DateTimeOffset pushedAt, DateTimeOffset? committedAt) =>
        Make(repository, branch, commit, pushedAt, Ordinal.At(pushedAt, rank: 1, minor: Math.Max(1, committedAt?.ToUnixTimeMilliseconds() ?? 1)));

    /// <param name="repository">The repository.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="commit">Its newest commit.</param>
    /// <param name="asOf">The answer is not older than this, by GitHub's clock.</param>
    public static Fact? OfLook(string repository, string branch, string commit, DateTimeOffset asOf) =>
        Make(repository, branch, commit, asOf, Ordinal.At(asOf));

    private static Fact? Make(string repository, string branch, string commit, DateTimeOffset at, Ordinal ordinal) =>
        KeyText.Branch(repository, branch) is not { } subject ? null : new Fact
        {
            Subject = subject,
            Kind = FactKinds.Head,
            Writer = GitHubWriters.SourceControl,
            Ordinal = ordinal,
            Status = GateStatus.Passed,
            OccurredAt = at,
            Revision = commit,
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                .Add(FactAttributes.Repository, repository.ToLowerInvariant())
                .Add(FactAttributes.Branch, branch),
        };
}
