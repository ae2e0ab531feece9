using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>Writes what was found as facts. Pure.</summary>
internal sealed class LineFacts(GitCloneSettings settings)
{
    public const string Trailer = "trailer";
    public const string Patch = "patch";
    public const string Lost = "lost";

    /// <summary>Where a branch stands, and since when; null when its name cannot be a key.</summary>
    public Fact? Head(BranchHead line, DateTimeOffset at) => !Key.TryParse($"{KeySchemes.Branch}:{settings.Repository}@{line.Branch}", out var subject) ? null : new Fact
    {
        Subject = subject,
        Kind = FactKinds.Head,
        Writer = settings.Writer,
        // Finer than a millisecond: a branch that moves twice within one is where it was last.
        Ordinal = Ordinal.At(at, minor: at.Ticks % TimeSpan.TicksPerMillisecond),
        OccurredAt = at,
        Revision = line.Sha,
        Attributes = About(line.Branch),
        Evidence = settings.EvidenceOf(line.Sha),
    };

    /// <summary>A commit of a line and the paths it changed, with the pull request that it names.</summary>
    public Fact Landing(string branch, LineCommit commit, TreeChanges changes)
    {
        var kind = commit.IsMerge ? GitLandingKind.Merge : commit.PullRequest is null ? GitLandingKind.Direct : GitLandingKind.Squash;
        return Of(FactKinds.Landing, branch, commit) with
        {
            Status = GateStatus.Passed,
            Links = commit.PullRequest is { } number ? [Key.PullRequest(settings.Repository, number)] : [],
            Attributes = ChangedPaths.Write(About(branch).Add(FactAttributes.LandingKind, GitBackfill.Name(kind)), changes.Items.Select(static c => c.Path), changes.IsComplete),
        };
    }

    /// <summary>A commit with the content of others.</summary>
    public Fact? Equivalent(string branch, LineCommit commit, IEnumerable<Key> origins, string how) => Naming(FactKinds.Equivalent, FactAttributes.EquivalentTo, branch, commit, origins, how);

    /// <summary>A commit that undoes others.</summary>
    public Fact? Revert(string branch, LineCommit commit, IEnumerable<Key> undone, string how) => Naming(FactKinds.Revert, FactAttributes.Reverts, branch, commit, undone, how);

    private Fact? Naming(string kind, string attribute, string branch, LineCommit commit, IEnumerable<Key> keys, string how)
    {
        // Half a key would name something else: what does not fit into an attribute is left out whole.
        var fitting = new List<string>();
        int length = 0;
        foreach (var key in keys.Distinct().Order())
        {
            string text = key.ToString();
            if ((length += text.Length + 1) > FactLimits.AttributeCharacters) break;
            fitting.Add(text);
        }
        return fitting.Count == 0 ? null : Of(kind, branch, commit) with
        {
            // What a commit is never changes, so there is nothing to order. But a later look may know more of it than an earlier one (a
            // branch that was fetched since, another line): more keys are the fuller truth.
            Ordinal = new Ordinal(1, fitting.Count),
            Attributes = About(branch).Add(attribute, string.Join(' ', fitting)).Add(FactAttributes.How, how),
        };
    }

    private Fact Of(string kind, string branch, LineCommit commit) => new()
    {
        Subject = Key.Commit(settings.Repository, commit.Sha),
        Kind = kind,
        Writer = settings.Writer,
        Ordinal = new Ordinal(1),
        OccurredAt = commit.CommittedAt,
        Revision = commit.Sha,
        Attributes = About(branch),
        Evidence = settings.EvidenceOf(commit.Sha),
    };

    private ImmutableSortedDictionary<string, string> About(string branch) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, settings.Repository).Add(FactAttributes.Branch, branch);
}
