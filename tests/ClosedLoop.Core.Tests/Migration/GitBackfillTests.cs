using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Migration;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Tests.Migration;

public sealed class GitBackfillTests
{
    private static readonly string Sha = string.Concat(Enumerable.Repeat("0123456789abcdef", 3))[..40];

    [Fact]
    public void A_landing_with_a_pull_request_becomes_the_item_that_stands_for_it()
    {
        var item = Assert.Single(GitBackfill.Items("Acme/Web", "main", [Landing(GitLandingKind.Squash, 7)]));

        Assert.Equal(Key.Item("pr:acme/web#7"), item.Item);
        var state = Fold(item);
        Assert.Equal((GateStatus.Passed, Reason.Migrated), (state.Gate(Gates.Merged)!.Status, state.Gate(Gates.Merged)!.Reason));
        Assert.Equal([Key.Commit("acme/web", Sha)], Assert.Single(state.Changes).Landings);
        Assert.Equal(("Add login", "acme/web", "recovered", true), (state.Title, state.Repository, state.Migration, state.Declared));
    }

    [Fact]
    public void A_direct_landing_becomes_an_item_of_its_own()
    {
        var item = Assert.Single(GitBackfill.Items("acme/web", null, [Landing(GitLandingKind.Direct, null)]));

        Assert.Equal(Key.Item("commit:acme/web@0123456789ab"), item.Item);
        var state = Fold(item);
        Assert.Equal(GateStatus.Passed, state.Gate(Gates.Merged)!.Status);
        Assert.Equal(Key.Commit("acme/web", Sha), Assert.Single(state.Changes).Change);
    }

    [Theory]
    [InlineData(7L)]
    [InlineData(null)]
    public void Later_gates_have_no_evidence_and_never_alert(long? pullRequest)
    {
        var state = Fold(Assert.Single(GitBackfill.Items("acme/web", "main", [Landing(GitLandingKind.Merge, pullRequest)])));

        Assert.Equal((Gates.Merged, Gates.MainCi, false), (state.FurthestGate, state.WaitingOn, state.IsDone));
        Assert.Null(state.NextDeadline());
        Assert.False(state.Gate(Gates.MainCi)!.HasEvidence);
        // The history does not show that anybody reviewed it.
        Assert.Equal((GateStatus.Waiting, Reason.Skipped), (state.Gate(Gates.Reviewed)!.Status, state.Gate(Gates.Reviewed)!.Reason));
    }

    [Fact]
    public void Every_fact_says_that_it_was_recovered_and_when_it_happened()
    {
        var landing = Landing(GitLandingKind.Merge, 7);

        var facts = GitBackfill.Facts("acme/web", "main", landing);

        Assert.Equal(["item", "landing", "merged"], facts.Select(static f => f.Kind));
        Assert.All(facts, f =>
        {
            Assert.Equal(("recovered", "merge", "main"), (f.Attribute(FactAttributes.Migration), f.Attribute(FactAttributes.LandingKind), f.Attribute(FactAttributes.Branch)));
            Assert.Equal((landing.CommittedAt, Ordinal.At(landing.CommittedAt)), (f.OccurredAt, f.Ordinal));
        });
        Assert.All(facts.Skip(1), static f => Assert.Equal("scm:git", f.Writer.ToString()));
    }

    [Fact]
    public void The_same_history_gives_equal_facts()
    {
        var landing = Landing(GitLandingKind.Direct, null);

        Assert.Equal(GitBackfill.Facts("acme/web", "main", landing).AsEnumerable(), GitBackfill.Facts("Acme/Web", "main", landing));
    }

    [Fact]
    public void A_pull_request_that_landed_twice_is_one_item_with_two_landings_in_any_order()
    {
        var first = Landing(GitLandingKind.Squash, 7);
        var second = first with { Sha = new string('f', 40), CommittedAt = first.CommittedAt.AddDays(1) };
        var other = Landing(GitLandingKind.Direct, null);

        var items = GitBackfill.Items("acme/web", "main", [first, other, second]).ToList();

        Assert.Equal(2, items.Count);
        var state = Fold(items[0]);
        Assert.Equal(2, Assert.Single(state.Changes).Landings.Count);
        Assert.Equal(second.CommittedAt, state.Gate(Gates.Merged)!.Since);
        Assert.Equivalent(state, Fold(GitBackfill.Items("acme/web", "main", [second, first]).Single()), strict: true);
    }

    [Fact]
    public void What_a_webhook_says_later_of_the_same_pull_request_joins_it()
    {
        var item = Assert.Single(GitBackfill.Items("acme/web", "main", [Landing(GitLandingKind.Squash, 7)]));
        var check = new Fact
        {
            Subject = Key.Check("acme/web", Sha, "build"),
            Kind = Gates.MainCi,
            Writer = new Writer(WriterRoles.Ci, "github"),
            Ordinal = new Ordinal(1),
            Status = GateStatus.Passed,
            OccurredAt = TestClone.Start.AddHours(1),
            Links = [Key.Commit("acme/web", Sha)],
        };

        Assert.True(Fold(item with { Facts = item.Facts.Add(check) }).IsDone);
    }

    private static ItemState Fold(GitBackfillItem item)
    {
        var graph = new FactGraph();
        foreach (var fact in item.Facts) graph.Apply(fact);
        return ItemFold.Fold(PipelineDefinition.Default, item.Item, graph)!;
    }

    private static GitLanding Landing(GitLandingKind kind, long? pullRequest) =>
        new(Sha, kind, TestClone.Start, TestClone.Start.AddHours(-3), "Add login", pullRequest, 1);
}
