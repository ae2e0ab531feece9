using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Migration;

/// <summary>
/// Turns a clone's landings into facts: the <c>recover</c> migration of mission/002, which reads real merge times from the history.
/// Pure; running it twice gives equal facts, so storing them again changes nothing.
/// </summary>
/// <remarks>
/// <para>
/// A landing that names a pull request belongs to that pull request and to the item that stands for it,
/// <c>item:pr:owner/name#n</c>; any other landing is an item of its own, <c>item:commit:owner/name@</c> and the first 12 digits of its id.
/// </para>
/// <para>
/// Only the merge has evidence: gates before it show as skipped and those after it wait. Every fact carries
/// <see cref="FactAttributes.Migration"/> = <see cref="Recovered"/>, so that metrics can leave it out, and recovered items have no clocks,
/// so they never alert.
/// </para>
/// </remarks>
public static class GitBackfill
{
    /// <summary>The value of <see cref="FactAttributes.Migration"/>.</summary>
    public const string Recovered = "recovered";

    private const int ShortShaLength = 12;

    /// <summary>Who says that a commit landed: the clone, a copy of what the source host has.</summary>
    public static Writer Writer { get; } = new(WriterRoles.SourceControl, "git");

    /// <summary>Who opened the recovered items.</summary>
    public static Writer Opener { get; } = new(WriterRoles.Host, "git");

    /// <summary>The item that a landing belongs to.</summary>
    public static Key ItemOf(string repository, in GitLanding landing)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(repository);
        return Key.Item(landing.PullRequestNumber is { } number
            ? Key.PullRequest(repository, number).ToString()
            : Key.Commit(repository, landing.Sha[..Math.Min(ShortShaLength, landing.Sha.Length)]).ToString());
    }

    /// <summary>The facts of all landings, item by item in the order of each item's first landing.</summary>
    public static IEnumerable<GitBackfillItem> Items(GitHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Items(history.Repository, history.Branch, history.Landings);
    }

    /// <summary>The facts of some landings, item by item in the order of each item's first landing.</summary>
    /// <param name="repository">The repository, <c>owner/name</c>.</param>
    /// <param name="branch">The branch they landed on, or null when unknown.</param>
    /// <param name="landings">The landings.</param>
    public static IEnumerable<GitBackfillItem> Items(string repository, string? branch, IReadOnlyList<GitLanding> landings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(repository);
        ArgumentNullException.ThrowIfNull(landings);
        return Enumerate(repository, branch, landings);
    }

    /// <summary>The facts of one landing: its item, the landing and the merge.</summary>
    public static ImmutableArray<Fact> Facts(string repository, string? branch, in GitLanding landing)
    {
        var item = ItemOf(repository, landing);
        var commit = Key.Commit(repository, landing.Sha);
        Key? pullRequest = landing.PullRequestNumber is { } number ? Key.PullRequest(repository, number) : null;
        var about = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        about[FactAttributes.Migration] = Recovered;
        about[FactAttributes.LandingKind] = Name(landing.Kind);
        about[FactAttributes.Repository] = repository.ToLowerInvariant();
        if (branch is not null) about[FactAttributes.Branch] = branch;
        var shared = about.ToImmutable();
        var evidence = new Evidence(null, $"git commit {landing.Sha[..Math.Min(ShortShaLength, landing.Sha.Length)]}");
        var ordinal = Ordinal.At(landing.CommittedAt);
        return
        [
            new Fact
            {
                Subject = item,
                Kind = FactKinds.Item,
                Writer = Opener,
                Ordinal = ordinal,
                OccurredAt = landing.CommittedAt,
                Attributes = landing.Subject.Length == 0 ? shared : shared.Add(FactAttributes.Title, landing.Subject),
                Evidence = evidence,
            },
            new Fact
            {
                Subject = commit,
                Kind = FactKinds.Landing,
                Writer = Writer,
                Ordinal = ordinal,
                OccurredAt = landing.CommittedAt,
                Revision = landing.Sha,
                Links = [pullRequest ?? item],
                Attributes = shared,
                Evidence = evidence,
            },
            new Fact
            {
                Subject = pullRequest ?? commit,
                Kind = Gates.Merged,
                Writer = Writer,
                Ordinal = ordinal,
                Status = GateStatus.Passed,
                Reason = Reason.Migrated,
                OccurredAt = landing.CommittedAt,
                Revision = landing.Sha,
                Links = pullRequest is null ? [item] : [],
                Attributes = shared,
                Evidence = evidence,
            },
        ];
    }

    private static IEnumerable<GitBackfillItem> Enumerate(string repository, string? branch, IReadOnlyList<GitLanding> landings)
    {
        // Several landings of one pull request (landed again after a revert, or a number from another tracker) are one item.
        var again = new Dictionary<long, List<int>>();
        var seen = new HashSet<long>();
        for (int i = 0; i < landings.Count; i++)
        {
            if (landings[i].PullRequestNumber is not { } number || seen.Add(number)) continue;
            if (!again.TryGetValue(number, out var later)) again[number] = later = [];
            later.Add(i);
        }
        seen.Clear();
        foreach (var landing in landings)
        {
            if (landing.PullRequestNumber is not { } number)
            {
                yield return new GitBackfillItem(ItemOf(repository, landing), Facts(repository, branch, landing));
                continue;
            }
            if (!seen.Add(number)) continue;
            var facts = Facts(repository, branch, landing);
            if (again.TryGetValue(number, out var later))
                foreach (int i in later) facts = facts.AddRange(Facts(repository, branch, landings[i]));
            yield return new GitBackfillItem(ItemOf(repository, landing), facts);
        }
    }

    /// <summary>The value of <see cref="FactAttributes.LandingKind"/>.</summary>
    internal static string Name(GitLandingKind kind) => kind switch
    {
        GitLandingKind.Merge => "merge",
        GitLandingKind.Squash => "squash",
        _ => "direct",
    };
}
