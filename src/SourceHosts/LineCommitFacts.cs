using System.Collections.Immutable;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>What a commit of a line says of other commits: that it undoes them, or that it has their content.</summary>
internal static class LineCommitFacts
{
    /// <param name="seen">The commit.</param>
    /// <param name="repository">Its repository.</param>
    /// <param name="branch">The line that it was seen on; null when it was read by itself.</param>
    /// <param name="onDefaultBranch">Whether that is the default branch.</param>
    /// <param name="settings">The host's.</param>
    /// <param name="harvest">Takes the facts.</param>
    public static void Add(LineCommitSeen seen, string repository, string? branch, bool onDefaultBranch, HostSettings settings, Harvest harvest)
    {
        var reverts = CommitMessage.Reverts(seen.Message).Where(id => id != seen.Sha).Select(id => Key.Commit(repository, id));
        AddOne(FactKinds.Revert, FactAttributes.Reverts, [.. reverts, .. settings.RevertedChanges(seen.Message, repository)]);
        AddOne(FactKinds.Equivalent, FactAttributes.EquivalentTo, [.. CommitMessage.PickedFrom(seen.Message).Where(id => id != seen.Sha).Select(id => Key.Commit(repository, id))]);

        void AddOne(string kind, string attribute, List<Key> keys)
        {
            if (keys.Count == 0) return;
            var subject = Key.Commit(repository, seen.Sha);
            var attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                .Add(attribute, KeyText.List(keys, out int left))
                .Add(FactAttributes.How, "trailer")
                .Add(FactAttributes.Repository, repository.ToLowerInvariant());
            if (branch is not null) attributes = attributes.Add(FactAttributes.Branch, branch);
            if (left > 0) harvest.Diagnostics.Add($"{subject}: its message names {keys.Count} others; the last {left} of them are not read");
            harvest.Facts.Add(new Fact
            {
                Subject = subject,
                Kind = kind,
                Writer = settings.SourceControl,
                // A commit never changes. A line that forked shows commits that were made on the default branch.
                Ordinal = new Ordinal(0, 0, branch is null ? 0 : onDefaultBranch ? 2 : 1),
                Status = GateStatus.Passed,
                OccurredAt = seen.At,
                Revision = seen.Sha,
                Evidence = Evidence.From(settings.CommitAddress(repository, seen.Sha), seen.Sha[..7]),
                Attributes = attributes,
            });
        }
    }
}
