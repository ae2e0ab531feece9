using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Ci;

/// <summary>
/// CI rounds of a pull request: how many of its commits the team's CI gave a verdict on between its opening and its merge. Sandboxes are free, and builds of the merge queue are counted apart. Two are the benchmark; more is flagged, and nothing is blocked.
/// </summary>
public sealed record CiRounds
{
    /// <summary>The benchmark: the first submission and one fix.</summary>
    public const int Benchmark = 2;

    /// <summary>Rounds of each merged pull request.</summary>
    public IReadOnlyDictionary<string, int> ByChange { get; init; } = new Dictionary<string, int>();

    /// <summary>Merged pull requests that the team's CI never gave a verdict on: not 0 rounds, but no evidence.</summary>
    public int WithoutEvidence { get; init; }

    /// <summary>Pull requests that are not merged: censored.</summary>
    public int Censored { get; init; }

    /// <summary>Verdicts of the merge queue on the merged ones.</summary>
    public int MergeQueueRuns { get; init; }

    /// <summary>Merged with at most two rounds, out of those with evidence.</summary>
    public Ratio Adherence => new(ByChange.Values.Count(static n => n <= Benchmark), ByChange.Count);

    /// <summary>Those above the benchmark, to be looked into.</summary>
    public IEnumerable<string> Flagged => ByChange.Where(static c => c.Value > Benchmark).Select(static c => c.Key);

    /// <summary>Measures pull requests by their runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="mergedAt">When each pull request was merged; null for one that is not.</param>
    public static CiRounds Measure(IEnumerable<CiRun> runs, IReadOnlyDictionary<string, DateTimeOffset?> mergedAt)
    {
        ArgumentNullException.ThrowIfNull(mergedAt);
        var byChange = runs.Where(static r => r.HasVerdict).ToLookup(static r => r.Change, StringComparer.Ordinal);
        var rounds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int none = 0, queue = 0;
        foreach (var (change, merged) in mergedAt)
        {
            if (merged is not { } until) continue;
            queue += byChange[change].Count(static r => r.Scope == CiScope.MergeQueue);
            int count = byChange[change].Where(r => r.Scope == CiScope.Team && !((r.PushedAt ?? r.ReportedAt) > until)).Select(static r => r.Commit).Distinct(StringComparer.Ordinal).Count();
            if (count == 0) none++;
            else rounds[change] = count;
        }
        return new CiRounds { ByChange = rounds, WithoutEvidence = none, Censored = mergedAt.Count(static m => m.Value is null), MergeQueueRuns = queue };
    }
}
