using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Insights.Ci;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Tests.Ci;

public sealed class CiTests
{
    [Fact]
    public void An_iteration_is_a_commit_of_an_agent_with_a_verdict()
    {
        CiRun[] runs =
        [
            Run("a", "1", 1, CiResult.Failed), Run("a", "1", 2, CiResult.Failed) with { Attempt = 2 }, Run("a", "2", 3, CiResult.Superseded), Run("a", "3", 4, CiResult.Failed) with { Verdict = FailureVerdict.Infrastructure },
            Run("a", "4", 5, CiResult.Passed), Run("a", "5", 6, CiResult.Failed),
            Run("b", "1", 1, CiResult.Failed), Run("b", "2", 2, CiResult.Failed),
            Run("c", "1", 1, CiResult.Passed) with { ByAgent = null }, Run("d", "1", 1, CiResult.Passed) with { Scope = CiScope.Sandbox },
        ];

        var its = IterationsToSuccess.Measure(runs);

        Assert.Equal([("a", 2)], its.ByChange.Select(static c => (c.Key, c.Value)));
        Assert.Equal([("b", 2)], its.NeverGreen.Select(static c => (c.Key, c.Value)));
        Assert.Equal((2.0, 1, 4, new Ratio(1, 2)), (its.Mean, its.WithoutEvidence, its.Total, its.Censored));
        Assert.Equal(1, IterationsToSuccess.Measure(runs, CiScope.Sandbox).ByChange["d"]);
        Assert.Null(IterationsToSuccess.Measure([]).Mean);
    }

    [Fact]
    public void Bands_are_those_of_the_sources_and_what_they_leave_open_is_a_warning()
    {
        var runs = new[] { 1, 3, 4, 11, 19, 20, 25 }.SelectMany(static (n, change) => Enumerable.Range(1, n).Select(i => Run($"{change}", $"{i}", i, i == n ? CiResult.Passed : CiResult.Failed)));

        Assert.Equal((2, 3, 2), IterationsToSuccess.Measure(runs).Bands);
    }

    [Fact]
    public void A_rerun_that_turns_green_makes_its_own_commit_the_green_one()
    {
        var its = IterationsToSuccess.Measure([Run("a", "1", 1, CiResult.Failed), Run("a", "1", 2, CiResult.Passed) with { Attempt = 2 }]);

        Assert.Equal(1, its.ByChange["a"]);
    }

    [Fact]
    public void Latency_begins_with_the_push_and_counts_the_queue()
    {
        CiRun[] runs =
        [
            Run("a", "1", 0, CiResult.Passed) with { StartedAt = Given.At(4), ReportedAt = Given.At(10) }, Run("a", "2", 0, CiResult.Superseded), Run("a", "3", 0, CiResult.Pending) with { ReportedAt = null },
            Run("a", "4", 0, CiResult.Failed) with { PushedAt = null }, Run("a", "1", 0, CiResult.Passed) with { Attempt = 2 },
        ];

        var latency = FeedbackLatency.Measure(runs);

        Assert.Equal((1, 2, TimeSpan.FromMinutes(10)), (latency.Count, latency.Censored, latency.P95.Value));
        Assert.True(latency.P95.IsLowSample);
        Assert.Equal([("re-run", 1), ("time-unknown", 1)], latency.Excluded.Select(static e => (e.Key, e.Value)));
        Assert.Equal(TimeSpan.FromMinutes(6), FeedbackLatency.RunTime(runs).P50.Value);
    }

    [Fact]
    public void Rounds_are_the_team_s_verdicts_up_to_the_merge()
    {
        CiRun[] runs =
        [
            Run("a", "1", 1, CiResult.Failed), Run("a", "2", 2, CiResult.Passed), Run("a", "3", 99, CiResult.Passed), Run("a", "2", 3, CiResult.Passed) with { Scope = CiScope.MergeQueue }, Run("a", "0", 0, CiResult.Failed) with { Scope = CiScope.Sandbox },
            Run("b", "1", 1, CiResult.Failed), Run("b", "2", 2, CiResult.Failed), Run("b", "3", 3, CiResult.Passed), Run("d", "1", 1, CiResult.Passed),
        ];

        var rounds = CiRounds.Measure(runs, new Dictionary<string, DateTimeOffset?> { ["a"] = Given.At(10), ["b"] = Given.At(10), ["c"] = Given.At(10), ["d"] = null });

        Assert.Equal((new Ratio(1, 2), 1, 1, 1), (rounds.Adherence, rounds.WithoutEvidence, rounds.Censored, rounds.MergeQueueRuns));
        Assert.Equal(["b"], rounds.Flagged);
    }

    [Fact]
    public void The_score_leaves_unlabelled_failures_on_neither_side_and_says_how_many_are_labelled()
    {
        TestFailure[] failures =
        [
            .. Enumerable.Repeat(new TestFailure("ok", FailureVerdict.Real, "web"), 6), new("flaky", FailureVerdict.Flaky, "web"), new("flaky", FailureVerdict.Real, "web"), new("flaky", FailureVerdict.Infrastructure, "api"),
            new("wrong", FailureVerdict.BadAssertion, "api"), .. Enumerable.Repeat(new TestFailure("quiet", FailureVerdict.Unknown), 10),
        ];

        var tors = TestOracle.Measure(failures);

        Assert.Equal((new Ratio(7, 10), new Ratio(10, 20)), (tors.Score, tors.Coverage));
        Assert.Equal(["flaky", "wrong"], tors.Unreliable);
        Assert.Equal(new Ratio(7, 8), tors.ByModule["web"].Score);
        Assert.Null(tors.ByModule[""].Score.Value);
        Assert.Null(TestOracle.Measure([]).Score.Value);
        // mission/001's guide: 95 of 100 failures are real bugs.
        Assert.Equal(0.95, TestOracle.Measure([.. Enumerable.Range(0, 100).Select(static i => new TestFailure("t", i < 95 ? FailureVerdict.Real : FailureVerdict.Flaky))]).Score.Value);
    }

    [Fact]
    public void A_failure_that_vanishes_without_a_change_was_noise_unless_somebody_knows_better()
    {
        Assert.Equal(FailureVerdict.Flaky, new TestFailure("t", FailureVerdict.Unknown).WithRerun(true).Verdict);
        Assert.Equal(FailureVerdict.Real, new TestFailure("t", FailureVerdict.Unknown).WithRerun(false).Verdict);
        Assert.Equal(FailureVerdict.Unknown, new TestFailure("t", FailureVerdict.Unknown).WithRerun(null).Verdict);
        Assert.Equal(FailureVerdict.Infrastructure, new TestFailure("t", FailureVerdict.Infrastructure).WithRerun(true).Verdict);
    }

    private static CiRun Run(string change, string commit, double minute, CiResult result) =>
        new() { Change = change, Commit = commit, Result = result, ByAgent = true, PushedAt = Given.At(minute), ReportedAt = Given.At(minute + 0.5) };
}
