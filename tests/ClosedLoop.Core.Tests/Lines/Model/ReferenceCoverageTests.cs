using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>The reference itself, on stories whose end anybody can tell: what it says here has to be right before it can judge.</summary>
public sealed class ReferenceCoverageTests
{
    private readonly List<Happening> _story = [];
    private Key _head;
    private int _ordinal;

    public ReferenceCoverageTests() => Commit(0);

    [Fact]
    public void A_green_build_covers_what_landed_before_it_and_nothing_after_it()
    {
        Land(1);
        Land(2);
        Build(2, GateStatus.Passed);
        Land(3);
        Assert.Equal((GateStatus.Passed, Reason.CoveredBy, (Key?)Given.Pr(2)), (Ci(1).Status, Ci(1).Reason, Ci(1).ReleasedBy));
        Assert.Equal((GateStatus.Passed, Reason.Exact, null), (Ci(2).Status, Ci(2).Reason, Ci(2).ReleasedBy));
        Assert.Equal(Verdict.Nothing, Ci(3));
    }

    [Fact]
    public void A_red_build_gives_way_to_a_green_one_after_it_and_a_cancelled_one_is_nothing()
    {
        Land(1);
        Build(1, GateStatus.Failed);
        Land(2);
        Build(2, GateStatus.Waiting, Reason.Cancelled);
        Assert.Equal((GateStatus.Failed, GateStatus.Waiting), (Ci(1).Status, Ci(2).Status));
        Land(3);
        Build(3, GateStatus.Passed);
        Assert.Equal((GateStatus.Passed, GateStatus.Passed), (Ci(1).Status, Ci(2).Status));
        Assert.Equal((false, true, (Key?)Given.Pr(3)), (Ci(1).OnRed, Ci(2).OnRed, Ci(2).ReleasedBy));
    }

    [Fact]
    public void A_revert_takes_a_change_off_the_line_and_the_revert_of_it_brings_it_back_as_a_new_landing()
    {
        Land(1);
        Build(1, GateStatus.Passed);
        Land(2, reverts: Given.Pr(1));
        Assert.Equal((GateStatus.Failed, Reason.Regressed), (Merged(1).Status, Merged(1).Reason));
        Assert.Equal(GateStatus.Passed, Ci(1).Status);
        Land(3, reverts: Given.Pr(2));
        Assert.Equal((GateStatus.Passed, GateStatus.Waiting), (Merged(1).Status, Ci(1).Status));
        Assert.Equal(GateStatus.Failed, Merged(2).Status);
        Build(3, GateStatus.Passed);
        Assert.Equal(GateStatus.Passed, Ci(1).Status);
    }

    [Fact]
    public void A_build_after_a_revert_says_nothing_of_what_was_reverted()
    {
        Land(1);
        Land(2, reverts: Given.Pr(1));
        Build(2, GateStatus.Passed);
        Assert.Equal((Verdict.Nothing, GateStatus.Passed), (Ci(1), Ci(2).Status));
    }

    [Fact]
    public void Content_that_vanished_without_a_word_is_lost()
    {
        Land(1);
        Land(2);
        _story.Add(new Reverted(_story[^1].At, Sha(2), [Sha(1)], Lost: true));
        Assert.Equal((GateStatus.Failed, Reason.Lost), (Merged(1).Status, Merged(1).Reason));
    }

    [Fact]
    public void A_force_push_drops_what_it_leaves_out_until_the_content_returns()
    {
        Land(1);
        Land(2);
        _head = Sha(1);
        Land(3);
        Assert.Equal((GateStatus.Passed, GateStatus.Failed), (Merged(1).Status, Merged(2).Status));
        Commit(4);
        _story.Add(new Repeated(Next(), Sha(4), "main", [Sha(2)]));
        Assert.Equal(GateStatus.Passed, Merged(2).Status);
    }

    [Fact]
    public void A_pick_to_a_release_line_is_a_landing_of_its_own()
    {
        Land(1);
        Build(1, GateStatus.Passed);
        _story.Add(new Committed(Next(), Sha(9), [Sha(0)]));
        _story.Add(new Repeated(Next(), Sha(9), "release", [Given.Pr(1)]));
        Assert.Equal((GateStatus.Waiting, Reason.Partial), (Ci(1).Status, Ci(1).Reason));
        Build(9, GateStatus.Passed);
        Assert.Equal(GateStatus.Passed, Ci(1).Status);
    }

    [Fact]
    public void A_rollback_takes_away_exactly_what_it_leaves_out_and_its_own_rollback_brings_it_back()
    {
        Land(1);
        Land(2);
        RollOut(GateStatus.Passed, 1);
        RollOut(GateStatus.Passed, 2);
        Assert.Equal((GateStatus.Passed, GateStatus.Passed), (Live(1).Status, Live(2).Status));
        RollOut(GateStatus.Passed, 1);
        Assert.Equal((GateStatus.Passed, GateStatus.Failed, Reason.Regressed), (Live(1).Status, Live(2).Status, Live(2).Reason));
        RollOut(GateStatus.Passed, 2);
        Assert.Equal((GateStatus.Passed, GateStatus.Passed), (Live(1).Status, Live(2).Status));
    }

    [Fact]
    public void While_old_and_new_serve_together_the_new_is_partial_and_a_failed_rollout_changes_nothing()
    {
        Land(1);
        Land(2);
        RollOut(GateStatus.Passed, 1);
        RollOut(GateStatus.Running, 1, 2);
        Assert.Equal((GateStatus.Passed, GateStatus.Running, Reason.Partial), (Live(1).Status, Live(2).Status, Live(2).Reason));
        RollOut(GateStatus.Passed, 1);
        RollOut(GateStatus.Failed, 2);
        Assert.Equal((GateStatus.Passed, GateStatus.Failed, Reason.None), (Live(1).Status, Live(2).Status, Live(2).Reason));
    }

    [Fact]
    public void A_version_that_was_marked_bad_is_not_live_until_it_is_released()
    {
        Land(1);
        Land(2);
        RollOut(GateStatus.Passed, 1);
        RollOut(GateStatus.Passed, 2);
        _story.Add(new Judged(Next(), Sha(2), Sha(2), Bad: true));
        Assert.Equal((GateStatus.Passed, GateStatus.Failed, Reason.Vetoed), (Live(1).Status, Live(2).Status, Live(2).Reason));
        _story.Add(new Judged(Next(), Sha(2), Sha(2), Bad: false));
        Assert.Equal(GateStatus.Passed, Live(2).Status);
    }

    [Fact]
    public void Health_counts_after_the_rollout_and_a_dip_does_not_take_it_back()
    {
        Land(1);
        Check(1, GateStatus.Passed);
        RollOut(GateStatus.Passed, 1);
        Assert.Equal(Verdict.Nothing, Gate(1, Gates.Healthy));
        Check(1, GateStatus.Passed);
        Check(1, GateStatus.Failed);
        Assert.Equal(GateStatus.Passed, Gate(1, Gates.Healthy).Status);
        Check(1, GateStatus.Failed, Reason.Regressed);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), (Gate(1, Gates.Healthy).Status, Gate(1, Gates.Healthy).Reason));
    }

    [Fact]
    public void What_landed_before_tracking_began_is_neither_shipped_nor_stuck()
    {
        Land(1);
        _story.Add(new Began(Next(), "main", null, Sha(1)));
        Land(2);
        Assert.Equal((GateStatus.NotApplicable, Reason.Baseline, GateStatus.Waiting), (Ci(1).Status, Ci(1).Reason, Ci(2).Status));
    }

    private Verdict Ci(int pr) => Gate(pr, Gates.MainCi);

    private Verdict Merged(int pr) => Gate(pr, Gates.Merged);

    private Verdict Live(int pr) => Gate(pr, Gates.RolledOut);

    private Verdict Gate(int pr, string gate)
    {
        var pipeline = new WorldShape().Pipeline();
        return new ReferenceCoverage(pipeline, _story).Items()[Key.Item(Given.Pr(pr).ToString())][pipeline.Gates.IndexOf(pipeline.Find(gate)!)];
    }

    private DateTimeOffset Next() => Given.At(_story.Count);

    private void Commit(int number)
    {
        _story.Add(new Committed(Next(), Sha(number), _head.IsEmpty ? [] : [_head]));
        _head = Sha(number);
        _story.Add(new Pushed(Next(), Given.Repository, "main", _head));
    }

    private void Land(int pr, Key? reverts = null)
    {
        _story.Add(new Proposed(Next(), Given.Pr(pr), null));
        if (reverts is { } target) _story.Add(new Reverted(Next(), Given.Pr(pr), [target], Lost: false));
        Commit(pr);
        _story.Add(new Merged(Next(), Given.Pr(pr), Sha(pr)));
        _story.Add(new Landed(Next(), Sha(pr), "main", Given.Pr(pr), null, null));
    }

    private void Build(int commit, GateStatus status, Reason reason = Reason.None) =>
        _story.Add(new Ran(Next(), Gates.MainCi, Given.Ci, Given.Build(++_ordinal), "unit", new Ordinal(_ordinal), status, reason, Sha(commit), null));

    private void RollOut(GateStatus status, params int[] commits) =>
        _story.Add(new Deployed(Next(), "production", "t0", Key.Environment("production/t0"), new Ordinal(++_ordinal), status, [.. commits.Select(Sha)], []));

    private void Check(int commit, GateStatus status, Reason reason = Reason.None) =>
        _story.Add(new Checked(Next(), "production", "t0", Key.Environment("production/t0"), new Ordinal(++_ordinal), status, reason, Sha(commit), null));

    private static Key Sha(int number) => Given.Commit(Words.Sha(number));
}
