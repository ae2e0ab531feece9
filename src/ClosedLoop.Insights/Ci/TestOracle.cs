using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Ci;

/// <summary>
/// Test oracle reliability score (TORS): of the failures that somebody labelled, those that told the truth. Failures without a label are on neither side, and <see cref="Coverage"/> says how many have one. It says nothing of what tests miss.
/// </summary>
public sealed record TestOracle
{
    /// <summary>Real failures out of the labelled ones. Null without any: no evidence is not 100 %.</summary>
    public Ratio Score { get; init; }

    /// <summary>Labelled failures out of all.</summary>
    public Ratio Coverage { get; init; }

    /// <summary>Failures by verdict.</summary>
    public IReadOnlyDictionary<FailureVerdict, int> ByVerdict { get; init; } = new Dictionary<FailureVerdict, int>();

    /// <summary>The same by module; those of no known module are under the empty name.</summary>
    public IReadOnlyDictionary<string, TestOracle> ByModule { get; init; } = new Dictionary<string, TestOracle>();

    /// <summary>Tests whose own score is below the limit: an agent should not be told of their failures.</summary>
    public IReadOnlyList<string> Unreliable { get; init; } = [];

    /// <summary>Measures failures.</summary>
    /// <param name="failures">The failures.</param>
    /// <param name="unreliableBelow">A test below this score is unreliable. The default is one half, as in mission/001's guide.</param>
    public static TestOracle Measure(IReadOnlyCollection<TestFailure> failures, double unreliableBelow = 0.5)
    {
        ArgumentNullException.ThrowIfNull(failures);
        return Of(failures) with
        {
            ByModule = failures.GroupBy(static f => f.Module ?? "", StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => Of([.. g]), StringComparer.Ordinal),
            Unreliable = [.. failures.GroupBy(static f => f.Test, StringComparer.Ordinal).Where(g => Of([.. g]).Score.Value < unreliableBelow).Select(static g => g.Key).Order(StringComparer.Ordinal)],
        };
    }

    private static TestOracle Of(IReadOnlyCollection<TestFailure> failures)
    {
        var counts = failures.GroupBy(static f => f.Verdict).ToDictionary(static g => g.Key, static g => g.Count());
        int labelled = failures.Count - counts.GetValueOrDefault(FailureVerdict.Unknown);
        return new TestOracle { Score = new Ratio(counts.GetValueOrDefault(FailureVerdict.Real), labelled), Coverage = new Ratio(labelled, failures.Count), ByVerdict = counts };
    }
}
