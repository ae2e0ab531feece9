using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>The model's property says nothing of situations that its histories never get into: each has to come up, often.</summary>
public sealed class GeneratorTests
{
    private const int Histories = 1_000;

    [Fact]
    public void The_histories_get_into_every_situation_that_matters()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int seed = 0; seed < Histories; seed++)
        {
            var history = DeliveryHistory.Make(seed);
            var world = history.Play();
            var situations = world.Situations;
            var pipeline = history.Shape.Pipeline();
            foreach (var verdicts in new ReferenceCoverage(pipeline, world.Happenings).Items().Values) Outcomes(pipeline, verdicts, situations);
            foreach (string situation in situations) counts[situation] = counts.GetValueOrDefault(situation) + 1;
        }
        string seen = string.Join('\n', counts.Select(static c => $"{c.Value,5} {c.Key}"));
        foreach (var (situation, least) in Least)
            Assert.True(counts.GetValueOrDefault(situation) >= least, $"'{situation}' came up in {counts.GetValueOrDefault(situation)} of {Histories} histories, expected {least} or more:\n{seen}");
    }

    private static readonly (string Situation, int Least)[] Least =
    [
        ("merge commit", 500), ("squash", 500), ("rebase", 500), ("cherry-pick", 200), ("revert", 300), ("revert of a revert", 200), ("revert picked to another line", 30),
        ("landed again", 100), ("lost content", 100), ("force-push", 200), ("force-push that brings the content back", 50), ("force-push back to the same commits", 50),
        ("reset to an older commit", 50), ("release line", 200), ("release merged back to main", 100), ("staging merged to main", 100), ("several changes of an item", 500),
        ("build without a verdict", 300), ("build that finishes late", 100), ("commit built again", 300), ("image of several platforms", 300), ("image of no known commit", 30),
        ("batch deploy", 200), ("mixed phase", 200), ("failed rollout", 200), ("rollout that finishes late", 50), ("rollback", 200), ("rollback of a rollback", 50), ("target removed", 80),
        ("several targets", 300), ("veto", 200), ("released again", 50), ("health", 300), ("health dip", 100), ("health regressed", 100), ("baseline", 100),
        ("main-ci Passed Exact", 300), ("main-ci Passed CoveredBy", 300), ("main-ci Failed None", 200), ("main-ci Running None", 100), ("main-ci Waiting Cancelled", 50),
        ("main-ci Waiting Superseded", 50), ("landed on red and released by another", 20), ("merged Failed Regressed", 200), ("merged Failed Lost", 50), ("merged Waiting Partial", 10),
        ("image-built Passed CoveredBy", 200), ("image-built NotApplicable None", 20), ("rolled-out Passed CoveredBy", 200), ("rolled-out Running Partial", 50), ("rolled-out Waiting Partial", 50),
        ("rolled-out Failed Regressed", 100), ("rolled-out Failed Vetoed", 30), ("rolled-out Failed None", 30), ("rolled-out NotApplicable Baseline", 30), ("main-ci NotApplicable Baseline", 30),
        ("healthy Passed CoveredBy", 100), ("healthy Failed None", 20), ("healthy Failed Regressed", 20),
    ];

    private static void Outcomes(PipelineDefinition pipeline, Verdict[] verdicts, HashSet<string> situations)
    {
        for (int g = 0; g < verdicts.Length; g++)
        {
            situations.Add($"{pipeline.Gates[g].Name} {verdicts[g].Status} {verdicts[g].Reason}");
            if (verdicts[g] is { OnRed: true, ReleasedBy: not null }) situations.Add("landed on red and released by another");
        }
    }
}
