using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Insights.Review;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Tests.Review;

public sealed class ReviewTests
{
    private static readonly ReviewInput Fine = new()
    {
        Head = "abc", TestsPass = true, CoverageKept = true, LintClean = true, WithinSizeLimit = true, PolicyMet = true, QueueClear = true, AiComments = 0, CertainFindings = 0, UnresolvedComments = 0,
        TouchesSensitiveCode = false, ChangesSharedInterface = false, AddsDependency = false, CrossesBoundary = false,
    };

    public static TheoryData<string, ReviewClass, string> Cases => new()
    {
        { "fine", ReviewClass.Green, "" },
        { "tests", ReviewClass.Red, "tests-fail" },
        { "lint", ReviewClass.Red, "lint-violation" },
        { "finding", ReviewClass.Red, "certain-finding" },
        { "boundary", ReviewClass.Red, "crosses-boundary" },
        { "coverage", ReviewClass.Yellow, "coverage-dropped" },
        { "sensitive", ReviewClass.Yellow, "sensitive-code" },
        { "interface", ReviewClass.Yellow, "shared-interface" },
        { "dependency", ReviewClass.Yellow, "new-dependency" },
        { "comment", ReviewClass.Yellow, "ai-comment" },
        { "size", ReviewClass.Yellow, "too-large" },
        { "tests unknown", ReviewClass.Yellow, "tests-unknown" },
        { "both", ReviewClass.Red, "tests-fail,new-dependency" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gravest_rule_decides_and_every_one_is_named(string what, ReviewClass expected, string rules)
    {
        var input = what switch
        {
            "tests" => Fine with { TestsPass = false },
            "lint" => Fine with { LintClean = false },
            "finding" => Fine with { CertainFindings = 1 },
            "boundary" => Fine with { CrossesBoundary = true },
            "coverage" => Fine with { CoverageKept = false },
            "sensitive" => Fine with { TouchesSensitiveCode = true },
            "interface" => Fine with { ChangesSharedInterface = true },
            "dependency" => Fine with { AddsDependency = true },
            "comment" => Fine with { AiComments = 2 },
            "size" => Fine with { WithinSizeLimit = false },
            "tests unknown" => Fine with { TestsPass = null },
            "both" => Fine with { TestsPass = false, AddsDependency = true },
            _ => Fine,
        };

        var decision = ChangeClassifier.Classify(input);

        Assert.Equal((expected, rules, "abc"), (decision.Class, string.Join(',', decision.Rules), decision.Head));
    }

    [Fact]
    public void Of_what_nothing_is_known_nothing_is_green()
    {
        var decision = ChangeClassifier.Classify(new ReviewInput { Head = "abc" });

        Assert.Equal((ReviewClass.Yellow, 13), (decision.Class, decision.Rules.Count));
        Assert.All(decision.Rules, static r => Assert.EndsWith("-unknown", r, StringComparison.Ordinal));
    }

    [Fact]
    public void A_green_one_that_a_person_merged_does_not_count_and_a_reverted_one_does()
    {
        var auto = AutoApproval.Measure(
            [new("a", ReviewClass.Green, false), new("b", ReviewClass.Green, false, WasReverted: true), new("c", ReviewClass.Green, true), new("d", ReviewClass.Green, null), new("e", ReviewClass.Yellow, false), new("f", null, true)]);

        Assert.Equal((new Ratio(2, 6), new Ratio(4, 5), 1, 1), (auto.Rate, auto.GreenShare, auto.Reverted, auto.Unclassified));
        Assert.Null(AutoApproval.Measure([]).Rate.Value);
    }

    [Fact]
    public void One_that_was_queued_twice_waited_for_both_and_one_that_never_merged_is_censored()
    {
        var wait = MergeQueueWait.Measure(
            [Stay("a", 0, 4, false), Stay("a", 10, 13, true), Stay("b", 0, 5, false), Stay("c", 0, null, false), Stay("d", 5, 1, true)]);

        Assert.Equal((1, 2, 1, TimeSpan.FromMinutes(7)), (wait.Count, wait.Censored, wait.Excluded["negative"], wait.P50.Value));
    }

    private static QueueStay Stay(string change, double from, double? to, bool merged) => new(change, Given.At(from), to is { } left ? Given.At(left) : null, merged);
}
