using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Ci;

/// <summary>
/// Iterations to success: at which attempt an agent's pull request was green. An iteration is a commit that an agent pushed and on whose head CI reached a verdict. Another run of the same commit is none, nor a run that was cancelled or
/// superseded, nor one that failed for its infrastructure.
/// </summary>
public sealed record IterationsToSuccess
{
    /// <summary>Up to this many iterations is healthy. The default of the sources is 3.</summary>
    public const int Healthy = 3;

    /// <summary>From this many on it is a failure of structure. The default of the sources is 20; between the two it is a warning.</summary>
    public const int Structural = 20;

    /// <summary>Whose CI was counted.</summary>
    public CiScope Scope { get; init; }

    /// <summary>The iterations of each pull request that became green.</summary>
    public IReadOnlyDictionary<string, int> ByChange { get; init; } = new Dictionary<string, int>();

    /// <summary>Those that never became green, with what they tried. Censored: in neither the mean nor the median.</summary>
    public IReadOnlyDictionary<string, int> NeverGreen { get; init; } = new Dictionary<string, int>();

    /// <summary>Pull requests without any iteration: nobody knows who pushed, or CI never said anything.</summary>
    public int WithoutEvidence { get; init; }

    /// <summary>The mean over those that became green; null without any.</summary>
    public double? Mean => ByChange.Count == 0 ? null : ByChange.Values.Average();

    /// <summary>The lower median over those that became green; null without any.</summary>
    public int? Median => Percentiles.LowerMedian(ByChange.Values);

    /// <summary>The share that never became green.</summary>
    public Ratio Censored => new(NeverGreen.Count, NeverGreen.Count + ByChange.Count);

    /// <summary>How many took 1 to 3, 4 to 19, and 20 or more.</summary>
    public (int Healthy, int Warning, int Structural) Bands =>
        (ByChange.Values.Count(static n => n <= Healthy), ByChange.Values.Count(static n => n is > Healthy and < Structural), ByChange.Values.Count(static n => n >= Structural));

    /// <summary>All iterations, of the green ones and of those that never were: what <see cref="Cost.CostPerIteration"/> divides by.</summary>
    public int Total => ByChange.Values.Sum() + NeverGreen.Values.Sum();

    /// <summary>Measures runs of one scope; runs of others are ignored.</summary>
    public static IterationsToSuccess Measure(IEnumerable<CiRun> runs, CiScope scope = CiScope.Team)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var green = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var red = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int none = 0;
        foreach (var change in runs.Where(r => r.Scope == scope).GroupBy(static r => r.Change, StringComparer.Ordinal))
        {
            var iterations = change.Where(static r => r.ByAgent == true && r.HasVerdict && !(r.Result == CiResult.Failed && r.Verdict == FailureVerdict.Infrastructure))
                .GroupBy(static r => r.Commit, StringComparer.Ordinal)
                .Select(static g => (At: g.Min(static r => r.PushedAt ?? r.ReportedAt ?? DateTimeOffset.MaxValue), Commit: g.Key, IsGreen: g.Any(static r => r.Result == CiResult.Passed)))
                .OrderBy(static i => i.At).ThenBy(static i => i.Commit, StringComparer.Ordinal).ToList();
            int first = iterations.FindIndex(static i => i.IsGreen);
            if (iterations.Count == 0) none++;
            else if (first < 0) red[change.Key] = iterations.Count;
            else green[change.Key] = first + 1;
        }
        return new IterationsToSuccess { Scope = scope, ByChange = green, NeverGreen = red, WithoutEvidence = none };
    }
}
