using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>What a commit of a line says of other commits: that it undoes them, or that it has their content.</summary>
internal static class LineCommitFacts
{
    /// <summary>How a commit's message says it, in <see cref="FactAttributes.How"/>.</summary>
    public const string Trailer = "trailer";

    public static void Add(LineCommitSeen seen, GitHubSettings settings, Harvest harvest)
    {
        Add(seen, FactKinds.Revert, FactAttributes.Reverts, CommitMessage.Reverts(seen.Message), settings, harvest);
        Add(seen, FactKinds.Equivalent, FactAttributes.EquivalentTo, CommitMessage.PickedFrom(seen.Message), settings, harvest);
    }

    private static void Add(LineCommitSeen seen, string kind, string attribute, IReadOnlyCollection<string> commits, GitHubSettings settings, Harvest harvest)
    {
        var keys = commits.Where(id => id != seen.Commit).Select(id => Key.Commit(seen.Repository, id)).ToList();
        if (keys.Count == 0) return;
        var subject = Key.Commit(seen.Repository, seen.Commit);
        string web = new Uri(settings.WebAddress, $"{seen.Repository.ToLowerInvariant()}/commit/{seen.Commit}").AbsoluteUri;
        var attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add(attribute, KeyText.List(keys, out int left))
            .Add(FactAttributes.How, Trailer)
            .Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant());
        // What it says counts for the line that it is on. A line that forked from the default branch shows the same commits in its history:
        // they were made on the default branch.
        int rank = 0;
        if (seen.Branch is { } branch)
        {
            attributes = attributes.Add(FactAttributes.Branch, branch);
            rank = seen.OnDefaultBranch ? 2 : 1;
        }
        if (left > 0) harvest.Diagnostics.Add($"{subject}: its message names {keys.Count} commits; the last {left} of them are not read");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = kind,
            Writer = GitHubWriters.SourceControl,
            // A commit never changes, so nothing else orders what it says.
            Ordinal = new Ordinal(0, 0, rank),
            Status = GateStatus.Passed,
            OccurredAt = seen.At,
            Revision = seen.Commit,
            Evidence = Evidence.From(web, seen.Commit[..7]),
            Attributes = attributes,
        });
    }
}
