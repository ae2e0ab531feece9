using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>The model's property says nothing of situations that its histories never get into: each has to come up, often.</summary>
public sealed class GeneratorTests
{
    private const int Histories = 2_000;

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

    // About half of what the generator reaches now, so that small changes of it do not matter and a lost situation does.
    private static readonly (string Situation, int Least)[] Least =
    [
        ("merge commit", 400), ("squash", 400), ("rebase", 400), ("cherry-pick", 120), ("revert", 300), ("revert of a revert", 70), ("revert picked to another line", 20),
        ("landed again", 150), ("lost content", 100), ("force-push", 170), ("force-push that brings the content back", 50), ("force-push back to the same commits", 35),
        ("reset to an older commit", 50), ("release line", 200), ("release merged back to main", 45), ("staging merged to main", 80), ("several changes of an item", 350),
        ("build without a verdict", 250), ("build that finishes late", 100), ("commit built again", 250), ("image of several platforms", 250), ("image of no known commit", 40),
        ("batch deploy", 180), ("mixed phase", 120), ("failed rollout", 170), ("rollout that finishes late", 25), ("rollback", 100), ("rollback of a rollback", 35), ("target removed", 60),
        ("several targets", 200), ("veto", 150), ("released again", 30), ("health", 300), ("health dip", 90), ("health regressed", 90), ("baseline", 120),
        ("main-ci Passed Exact", 140), ("main-ci Passed CoveredBy", 160), ("main-ci Failed None", 140), ("main-ci Running None", 60), ("main-ci Waiting Cancelled", 15),
        ("main-ci Waiting Superseded", 15), ("main-ci NotApplicable Baseline", 12), ("landed on red and released by another", 25), ("merged Failed Regressed", 250), ("merged Failed Lost", 50),
        ("image-built Passed CoveredBy", 160), ("image-built NotApplicable None", 50), ("rolled-out Passed CoveredBy", 150), ("rolled-out Running Partial", 30), ("rolled-out Waiting Partial", 150),
        ("rolled-out Failed Regressed", 100), ("rolled-out Failed Vetoed", 35), ("rolled-out Failed None", 35), ("rolled-out NotApplicable Baseline", 35),
        ("healthy Passed CoveredBy", 40), ("healthy Failed None", 12), ("healthy Failed Regressed", 20),
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
