using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Items;

/// <summary>What one gate makes of evidence. Each test is a situation in which some system has claimed too much, or lost what it knew.</summary>
public sealed class GateEvidenceTests
{
    private const string Sha = "a1";

    [Fact]
    public void A_merged_change_without_a_build_is_not_green() => Assert.Equal(GateStatus.Waiting, MainCi([]).Status);

    [Fact]
    public void A_build_of_the_pull_requests_head_says_nothing_of_the_target_branch() =>
        Assert.Equal(GateStatus.Waiting, MainCi([Given.Built(1, GateStatus.Passed, 5, "head")]).Status);

    [Fact]
    public void A_newer_red_build_after_a_green_one_turns_the_gate_red_and_an_older_one_does_not()
    {
        Assert.Equal(GateStatus.Failed, MainCi([Given.Built(1, GateStatus.Passed, 5, Sha), Given.Built(2, GateStatus.Failed, 6, Sha)]).Status);
        Assert.Equal(GateStatus.Passed, MainCi([Given.Built(2, GateStatus.Passed, 5, Sha), Given.Built(1, GateStatus.Failed, 9, Sha)]).Status);
    }

    [Theory]
    [InlineData(Reason.Cancelled)]
    [InlineData(Reason.Superseded)]
    public void A_cancelled_build_after_a_green_one_leaves_it_green_and_alone_it_is_neither_pass_nor_fail(Reason reason)
    {
        var cancelled = Given.Built(2, "web", GateStatus.Waiting, reason, 6, Sha);
        Assert.Equal(GateStatus.Passed, MainCi([Given.Built(1, GateStatus.Passed, 5, Sha), cancelled]).Status);
        Assert.Equal((GateStatus.Waiting, reason), (MainCi([cancelled]).Status, MainCi([cancelled]).Reason));
        Assert.Equal(GateStatus.Passed, MainCi([cancelled, Given.Built(3, GateStatus.Passed, 9, "later", Sha)]).Status);
    }

    [Fact]
    public void What_two_systems_say_of_one_target_counts_whichever_was_heard_first()
    {
        var target = Key.Environment("production/web");
        var byCommit = Given.Of(Given.Deployer, target, Gates.RolledOut, 8, GateStatus.Passed, links: Given.Commit(Sha)) with { Name = "web", Environment = "production" };
        var byImage = Given.Of(new Writer(WriterRoles.Deployer, "flux"), target, Gates.RolledOut, 9, GateStatus.Failed, links: Given.Image("d1")) with { Name = "web", Environment = "production" };
        Fact[] delivered = [.. Given.Delivered(1, 1, Sha)], image = [Given.ImageBuilt("d1", 6, Given.Commit(Sha))];
        Assert.Equal(GateStatus.Failed, RolledOut([.. delivered, .. image, byCommit, byImage]));
        Assert.Equal(GateStatus.Failed, RolledOut([.. delivered, byCommit, .. image, byImage]));
        Assert.Equal(GateStatus.Failed, RolledOut([.. delivered, byImage, byCommit, .. image]));

        static GateStatus RolledOut(Fact[] facts)
        {
            var graph = new FactGraph();
            foreach (var fact in facts) graph.Apply(fact);
            return ItemFold.Fold(PipelineDefinition.Default, Given.Item(1), graph)!.Gate(Gates.RolledOut)!.Status;
        }
    }

    [Fact]
    public void A_rerun_of_a_failure_shows_as_running()
    {
        var gate = MainCi([Given.Built(1, GateStatus.Failed, 5, Sha), Given.Built(2, GateStatus.Running, 6, Sha)]);
        Assert.Equal(GateStatus.Running, gate.Status);
    }

    [Fact]
    public void A_part_never_passes_the_gate_alone_but_fails_it()
    {
        var part = Given.Built(1, "unit", GateStatus.Passed, Reason.None, 5, Sha) with { IsPartial = true };
        var (running, red) = (MainCi([part]), MainCi([part with { Status = GateStatus.Failed }]));
        Assert.Equal((GateStatus.Running, Reason.Partial), (running.Status, running.Reason));
        Assert.Equal(GateStatus.Failed, red.Status);
    }

    [Fact]
    public void A_part_that_does_not_apply_does_not_make_the_whole_gate_inapplicable() =>
        Assert.False(MainCi([Given.Built(1, "docs", GateStatus.NotApplicable, Reason.None, 5, Sha) with { IsPartial = true }]).Holds);

    [Fact]
    public void One_job_that_does_not_apply_does_not_excuse_another_that_has_no_verdict()
    {
        var gate = MainCi([Given.Built(1, "docs", GateStatus.NotApplicable, Reason.None, 5, Sha), Given.Built(1, "web", GateStatus.Waiting, Reason.Cancelled, 5, Sha)]);
        Assert.Equal((GateStatus.Waiting, Reason.Cancelled), (gate.Status, gate.Reason));
    }

    [Fact]
    public void Of_two_jobs_one_green_and_one_cancelled_the_gate_waits()
    {
        var gate = MainCi([Given.Built(1, "web", GateStatus.Passed, Reason.None, 5, Sha), Given.Built(1, "e2e", GateStatus.Waiting, Reason.Cancelled, 6, Sha)]);
        Assert.Equal((GateStatus.Waiting, Reason.Cancelled), (gate.Status, gate.Reason));
        Assert.StartsWith("1 of 2 passed", gate.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_checks_are_counted_by_name_and_not_by_the_number_of_passes()
    {
        var pipeline = new PipelineBuilder("p").UseDefaultGates().Gate(Gates.MainCi, g => g.Require("unit", "e2e")).Build();
        Fact other = Given.Built(1, "unit", GateStatus.Passed, Reason.None, 5, Sha) with { Writer = new Writer(WriterRoles.Ci, "github"), Subject = Key.Build("https://other.example/1") };
        Fact[] twice = [Given.Built(1, "unit", GateStatus.Passed, Reason.None, 5, Sha), other];
        Assert.Equal("no evidence yet from e2e", MainCi(twice, pipeline).Detail);
        Assert.False(MainCi([.. twice, Given.Built(1, "e2e", GateStatus.Waiting, Reason.Cancelled, 6, Sha)], pipeline).Holds);
        Assert.True(MainCi([.. twice, Given.Built(1, "e2e", GateStatus.Passed, Reason.None, 6, Sha), Given.Built(1, "lint", GateStatus.Failed, Reason.None, 6, Sha)], pipeline).Holds);
    }

    [Fact]
    public void A_status_that_this_version_does_not_know_is_no_evidence() =>
        Assert.False(MainCi([Given.Built(1, (GateStatus)42, 5, Sha)]).Holds);

    [Fact]
    public void A_dismissed_review_does_not_hold_up_an_approval_and_a_request_for_changes_does()
    {
        Fact approval = Given.Review(1, "ann", GateStatus.Passed, 2);
        Assert.True(Fold([approval, Given.Review(1, "bob", GateStatus.Waiting, 3)]).Gate(Gates.Reviewed)!.Holds);
        Assert.Equal(GateStatus.Failed, Fold([approval, Given.Review(1, "bob", GateStatus.Failed, 3)]).Gate(Gates.Reviewed)!.Status);
    }

    [Fact]
    public void Two_approvals_are_two_and_an_approval_of_an_older_head_does_not_survive_when_bound_to_it()
    {
        var two = new PipelineBuilder("p").UseDefaultGates().Gate(Gates.Reviewed, g => g.AtLeast(2)).Build();
        Fact[] one = [Given.PrOpen(1, 1, Given.Item(1)), Given.Review(1, "ann", GateStatus.Passed, 2)];
        Assert.Equal("1 of 2", Fold(one, two, merged: false).Gate(Gates.Reviewed)!.Detail);
        Assert.True(Fold([.. one, Given.Review(1, "bob", GateStatus.Passed, 3)], two, merged: false).Gate(Gates.Reviewed)!.Holds);

        var bound = new PipelineBuilder("p").UseDefaultGates().Gate(Gates.Reviewed, g => g.BoundToHead()).Build();
        Fact[] pushed = [Given.PrOpen(1, 1, Given.Item(1)) with { Revision = "new" }, Given.Review(1, "ann", GateStatus.Passed, 2) with { Revision = "old" }];
        Assert.False(Fold(pushed, bound, merged: false).Gate(Gates.Reviewed)!.Holds);
    }

    [Fact]
    public void A_rollback_of_an_environment_takes_the_rollout_back_and_a_late_older_report_does_not()
    {
        Fact[] shipped = [Given.Built(1, GateStatus.Passed, 5, Sha), Given.ImageBuilt("new", 6, Given.Build(1)), Given.Runs("production", "new", 8)];
        Assert.True(Fold(shipped).Gate(Gates.RolledOut)!.Holds);
        Assert.True(Fold([.. shipped, Given.Runs("production", "old", 7)]).Gate(Gates.RolledOut)!.Holds);
        Assert.False(Fold([.. shipped, Given.Runs("production", "old", 9)]).Gate(Gates.RolledOut)!.Holds);
    }

    [Fact]
    public void One_environment_does_not_speak_for_another()
    {
        Fact[] facts = [Given.Built(1, GateStatus.Passed, 5, Sha), Given.ImageBuilt("i", 6, Given.Build(1)), Given.Runs("production", "i", 8, GateStatus.Failed), Given.Runs("staging", "i", 9)];
        Assert.Equal(GateStatus.Failed, Fold(facts).Gate(Gates.RolledOut)!.Status);
        var production = new PipelineBuilder("p").UseDefaultGates().Gate(Gates.RolledOut, g => g.InEnvironments("production")).Build();
        var onlyStaging = Fold([.. facts[..2], facts[3]], production).Gate(Gates.RolledOut)!;
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), (onlyStaging.Status, onlyStaging.Reason));
    }

    [Theory]
    [InlineData(7, GateStatus.Passed, false)]
    [InlineData(9, GateStatus.Passed, true)]
    [InlineData(7, GateStatus.Failed, false)]
    public void Health_of_what_ran_before_the_rollout_does_not_count(double minute, GateStatus status, bool holds)
    {
        var gate = Fold([Given.Built(1, GateStatus.Passed, 5, Sha), Given.ImageBuilt("i", 6, Given.Build(1)), Given.Runs("production", "i", 8), Given.HealthOf("production", "i", status, minute)]).Gate(Gates.Healthy)!;
        Assert.Equal(holds, gate.Holds);
        Assert.NotEqual(GateStatus.Failed, gate.Status);
    }

    [Fact]
    public void Merged_and_live_while_main_is_red_shows_as_exactly_that()
    {
        var state = Fold([Given.Review(1, "ann", GateStatus.Passed, 2), Given.Built(1, GateStatus.Failed, 5, Sha), Given.ImageBuilt("i", 6, Given.Build(1)), Given.Runs("production", "i", 8)]);
        Assert.Equal((Gates.Merged, Gates.RolledOut, Gates.MainCi, false), (state.CurrentGate, state.FurthestGate, state.WaitingOn, state.IsDone));
    }

    [Fact]
    public void What_a_person_decides_shows_as_by_hand_whatever_the_reason_sent()
    {
        var byHand = MainCi([Given.Built(1, GateStatus.Failed, 5, Sha), Given.Of(Given.Ann, Given.Item(1), Gates.MainCi, 6, GateStatus.Passed, Reason.Exact)]);
        Assert.Equal((GateStatus.Passed, Reason.Recorded, Given.Ann), (byHand.Status, byHand.Reason, byHand.Writer));
        var waived = MainCi([Given.Of(Given.Ann, Given.Item(1), Gates.MainCi, 6, GateStatus.NotApplicable) with { Detail = "flaky" }]);
        Assert.Equal((Reason.Waived, "flaky"), (waived.Reason, waived.Detail));
    }

    [Fact]
    public void A_pass_recorded_by_hand_yields_to_a_later_failure_and_a_waiver_stands()
    {
        Fact red = Given.Built(2, GateStatus.Failed, 9, Sha);
        Assert.Equal(GateStatus.Failed, MainCi([Given.Of(Given.Ann, Given.Item(1), Gates.MainCi, 6, GateStatus.Passed), red]).Status);
        Assert.Equal(GateStatus.NotApplicable, MainCi([Given.Of(Given.Ann, Given.Item(1), Gates.MainCi, 6, GateStatus.NotApplicable), red]).Status);
    }

    [Fact]
    public void An_item_with_several_changes_waits_for_each_and_an_agent_cannot_drop_one()
    {
        Fact open = Given.PrOpen(2, 1, Given.Item(1));
        Fact dropped = Given.Of(Given.Agent, Given.Pr(2), Gates.PrOpened, 9, GateStatus.Failed, Reason.Abandoned, Given.Item(1));
        Fact[] green = [Given.Built(1, GateStatus.Passed, 5, Sha)];
        Assert.True(Fold(green).IsDone);
        Assert.Equal("1 of 2 changes", Fold([.. green, open]).Gate(Gates.Merged)!.Detail);
        Assert.False(Fold([.. green, open, dropped]).IsDone);
        Assert.True(Fold([.. green, open, Given.PrClosed(2, 9, Given.Item(1))]).IsDone);
    }

    [Fact]
    public void A_late_second_approval_does_not_move_the_clocks_of_what_comes_after_the_merge()
    {
        var state = Fold([Given.Review(1, "ann", GateStatus.Passed, 2), Given.Review(1, "bob", GateStatus.Passed, 500)]);
        Assert.Equal(Given.At(3), state.Gate(Gates.MainCi)!.EligibleAt);
    }

    [Fact]
    public void Parts_of_an_item_do_not_count_for_it()
    {
        var graph = Graph([Given.Opened(Given.Item(2)) with { Links = [Given.Item(1)] }, .. Given.Delivered(2, 1, Sha), Given.Opened(Given.Item(1))]);
        Assert.False(ItemFold.Fold(PipelineDefinition.Default, Given.Item(1), graph)!.IsDone);
    }

    [Fact]
    public void Done_never_holds_without_evidence_of_each_of_its_gates() =>
        PropertyCheck.Holds(Histories.Arbitrary(), history =>
        {
            var graph = Graph(history.Facts);
            foreach (var item in graph.Facts.SelectMany(static f => f.Links.Add(f.Subject)).Where(static k => k.Is(KeySchemes.Item)).Distinct())
                if (ItemFold.Fold(PipelineDefinition.Default, item, graph) is { IsDone: true })
                    foreach (string gate in Done.MergedAndMainGreen.Gates) Assert.True(HasEvidence(graph, item, gate), $"{item} is done without evidence of {gate}");
        }, tests: 400);

    // The oracle: from any fact that could be evidence, whether its subject leads up to the item without passing a commit that never landed.
    private static bool HasEvidence(FactGraph graph, Key item, string gate)
    {
        string[] roles = gate == Gates.Merged ? [WriterRoles.SourceControl, WriterRoles.Person] : [WriterRoles.Ci, WriterRoles.Person];
        return graph.Facts.Any(f => f.Kind == gate && (f.Status is GateStatus.Passed or GateStatus.NotApplicable) && !f.IsPartial && roles.Contains(f.Writer.Role) && Leads(f.Subject, 0));

        bool Leads(Key key, int depth) =>
            key == item || (key.Is(KeySchemes.PullRequest) && Key.Item(key.ToString()) == item) || (key.Is(KeySchemes.Item) && Key.TryParse(key.Value, out var standIn) && Leads(standIn, depth + 1)) ||
            (depth < 10 && (!key.Is(KeySchemes.Commit) || graph.Has(key, FactKinds.Landing)) && graph.FactsOf(key).SelectMany(static f => f.Links).Any(k => Leads(k, depth + 1)));
    }

    [Fact]
    public void A_change_that_landed_again_needs_a_build_of_the_new_landing()
    {
        var first = Given.Built(1, GateStatus.Passed, 4, Sha);
        var again = Given.Landed("b2", 1, 20);
        Assert.Equal(GateStatus.Passed, MainCi([first]).Status);
        Assert.Equal(GateStatus.Waiting, MainCi([first, again]).Status);
        Assert.Equal(GateStatus.Waiting, MainCi([again, first]).Status);
        Assert.Equal(GateStatus.Running, MainCi([first, again, Given.Built(2, GateStatus.Running, 21, "b2")]).Status);
        Assert.Equal(GateStatus.Passed, MainCi([first, again, Given.Built(2, GateStatus.Passed, 22, "b2")]).Status);
        var elsewhere = again with { Attributes = again.Attributes.SetItem(FactAttributes.Branch, "release") };
        Assert.Equal(GateStatus.Passed, MainCi([first, elsewhere]).Status);
    }

    private static GateView MainCi(Fact[] facts, PipelineDefinition? pipeline = null) => Fold(facts, pipeline).Gate(Gates.MainCi)!;

    private static ItemState Fold(Fact[] facts, PipelineDefinition? pipeline = null, bool merged = true)
    {
        Fact[] landed = merged ? [Given.PrOpen(1, 1, Given.Item(1)), Given.Merged(1, 3, Given.Item(1)), Given.Landed(Sha, 1, 3)] : [];
        return ItemFold.Fold(pipeline ?? PipelineDefinition.Default, Given.Item(1), Graph([Given.Opened(Given.Item(1)), .. landed, .. facts]))!;
    }

    private static FactGraph Graph(Fact[] facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return graph;
    }
}
