using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Reconciliation;

namespace ClosedLoop.Core.Tests.Diagnostics;

public sealed class ExplanationTests
{
    private static readonly Fact[] Merged =
        [Given.Opened(Given.Item(1)), Given.PrOpen(1, 1, Given.Item(1)), Given.Review(1, "ann", GateStatus.Passed, 2), Given.Merged(1, 3, Given.Item(1)), Given.Landed("a1", 1, 3)];

    private static readonly Fact NotMerged = Given.Of(Given.Scm, Given.Pr(1), Gates.Merged, 1, links: Given.Item(1));

    public static TheoryData<string, Fact[], string> Sentences => new()
    {
        { "opened", [Given.Opened(Given.Item(1))], "pr-opened: waiting since 09:00; merged comes after it" },
        { "in review", [.. Merged[..2]], "reviewed: waiting since 09:01; due in 1 h 51 min; merged comes after it" },
        { "in review, and its source says that it is not merged yet", [.. Merged[..2], NotMerged], "reviewed: waiting since 09:01; due in 1 h 51 min; merged comes after it" },
        { "changes requested", [.. Merged[..2], NotMerged, Given.Review(1, "ann", GateStatus.Failed, 2) with { Detail = "ann requested changes" }], "reviewed: failed since 09:02 (scm:github); ann requested changes; due in 1 h 51 min; merged comes after it" },
        { "merged", Merged, "main-ci: waiting since 09:03; due in 23 min" },
        { "building", [.. Merged, Given.Built(1, GateStatus.Running, 5, "a1")], "main-ci: running since 09:05 (ci:jenkins); web #1 Running; due in 23 min" },
        { "red", [.. Merged, Given.Built(1, GateStatus.Failed, 5, "a1")], "main-ci: failed since 09:05 (ci:jenkins); web #1 Failed; due in 23 min" },
        { "cancelled", [.. Merged, Given.Built(1, "web", GateStatus.Waiting, Reason.Cancelled, 5, "a1")], "main-ci: waiting, cancelled since 09:05 (ci:jenkins); web #1 Waiting; due in 23 min" },
        { "green", [.. Merged, Given.Built(1, GateStatus.Passed, 5, "a1")], "done (B) since 2026-01-05 09:05 UTC." },
        { "abandoned", [Given.Opened(Given.Item(1)), Given.PrClosed(1, 2, Given.Item(1))], "abandoned: its change was closed without being merged; open a new change or waive the gates." },
        { "waived", [.. Merged, Given.Of(Given.Ann, Given.Item(1), Gates.MainCi, 6, GateStatus.NotApplicable) with { Detail = "CI is down" }], "done (B) since 2026-01-05 09:06 UTC; main-ci waived by person:ann (CI is down)." },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_state_is_said_in_one_sentence(string situation, Fact[] facts, string sentence)
    {
        Assert.NotEmpty(situation);
        Assert.Equal(sentence, Explanation.Of(State(facts), Given.At(10), null, null));
    }

    [Fact]
    public void Overdue_blind_and_the_next_look_are_said_too()
    {
        var blind = new SourceStatus("jenkins", null, Given.At(20), "502");
        Assert.Equal(
            "main-ci: waiting since 09:03; blind: jenkins cannot be reached since 09:20 (502); next look 10:01",
            Explanation.Of(State(Merged), Given.At(60), Given.At(61), blind));
        Assert.EndsWith("; next look now", Explanation.Of(State(Merged), Given.At(60), Given.At(60), null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(89, "89 s")]
    [InlineData(90, "2 min")]
    [InlineData(5399, "90 min")]
    [InlineData(11100, "3 h 5 min")]
    [InlineData(187200, "2 d 4 h")]
    public void A_span_is_said_for_people(int seconds, string text) => Assert.Equal(text, Explanation.Span(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_diagram_shows_gates_writers_limits_and_what_done_needs_and_takes_no_markup_from_names()
    {
        string pipeline = MermaidDiagram.Of(PipelineDefinition.Default);
        Assert.StartsWith("flowchart LR\n  g0[\"pr-opened<br/>agent, scm\"]\n", pipeline, StringComparison.Ordinal);
        Assert.Contains("  g3[[\"main-ci<br/>ci<br/>within 30 min\"]]\n", pipeline, StringComparison.Ordinal);
        Assert.Contains("  g0 --> g1\n", pipeline, StringComparison.Ordinal);
        var odd = Given.Built(1, GateStatus.Failed, 5, "a1") with { Writer = new Writer("ci", "x\"]<script>") };
        string item = MermaidDiagram.Of(PipelineDefinition.Default, State([.. Merged, odd]));
        Assert.Contains("g3[[\"main-ci<br/>Failed<br/>ci:x#quot;]#lt;script#gt;\"]]:::failed", item, StringComparison.Ordinal);
    }

    private static ItemState State(Fact[] facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return ItemFold.Fold(PipelineDefinition.Default, Given.Item(1), graph)!;
    }
}
