using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>Works out which commits a fact is evidence about: by its revision, or through images and builds up to a commit. Pure.</summary>
internal static class EvidenceFold
{
    /// <summary>The commits in order, each once.</summary>
    public static IReadOnlyList<CommitId> CommitsOf(Fact fact, FactGraph graph)
    {
        if (Direct(fact) is { } direct) return [direct];
        if (CommitId.Of(fact.Subject) is { } subject) return [subject];
        var commits = new SortedSet<CommitId>(Order);
        Climb(fact.Subject, graph, new KeyTrail(), commits);
        return [.. commits];
    }

    /// <summary>The repository that a fact names, in lower case, or null.</summary>
    public static string? RepositoryOf(Fact fact) =>
        (fact.Attribute(FactAttributes.Repository)?.Trim().Trim('/') ?? CommitId.Of(fact.Subject)?.Repository)?.ToLowerInvariant() is { Length: > 0 } name && !PlainText.HasControl(name) ? name : null;

    /// <summary>The series of a fact within a repository.</summary>
    public static string SeriesOf(Fact fact) => $"{fact.Kind}\t{fact.Writer}\t{fact.Environment}\t{fact.Name}";

    private static CommitId? Direct(Fact fact) =>
        CommitId.IsSha(fact.Revision) && RepositoryOf(fact) is { } repository ? new CommitId(repository, fact.Revision!.ToLowerInvariant()) : null;

    private static void Climb(Key key, FactGraph graph, KeyTrail seen, SortedSet<CommitId> commits)
    {
        if (!seen.Add(key)) return;
        if (CommitId.Of(key) is { } commit)
        {
            commits.Add(commit);
            return;
        }
        if (key.Is(KeySchemes.PullRequest) || key.Is(KeySchemes.Item) || key.Is(KeySchemes.Branch)) return;
        foreach (var fact in graph.RegistersOf(key))
        {
            if (Direct(fact) is { } direct)
            {
                commits.Add(direct);
                continue;
            }
            for (int l = 0; l < fact.Links.Count; l++) Climb(fact.Links[l], graph, seen, commits);
            foreach (var ran in EnvironmentEntry.Running(fact)) Climb(ran, graph, seen, commits);
        }
    }

    private static readonly Comparer<CommitId> Order = Comparer<CommitId>.Create(static (a, b) =>
    {
        int repository = string.CompareOrdinal(a.Repository, b.Repository);
        return repository != 0 ? repository : string.CompareOrdinal(a.Sha, b.Sha);
    });
}
