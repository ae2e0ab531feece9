using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Facts;

public sealed class FactJoinPropertyTests
{
    // Few values for each part, so that ordinals and contents collide.
    private static Arbitrary<Fact[]> OfOneRegister(int count)
    {
        var fact =
            from major in Gen.Choose(1, 2)
            from status in Gen.Choose(0, 4)
            from minute in Gen.Choose(0, 1)
            from links in Gen.Choose(0, 3)
            from detail in Gen.Elements("a", "b", null)
            from evidence in Gen.Elements(null, "https://a.example", "https://a.example/")
            select Given.Of(Given.Ci, Given.Build(1), Gates.MainCi, minute, (GateStatus)status) with
            {
                Ordinal = new Ordinal(major),
                Detail = detail,
                Evidence = evidence is null ? null : Evidence.At(evidence),
                Links = [.. new[] { Given.Commit("a"), Given.Commit("b") }.Where((_, i) => (links & (1 << i)) != 0)],
            };
        return Arb.From(Gen.ArrayOf(fact, count));
    }

    [Fact]
    public void The_join_is_commutative_associative_and_idempotent_also_for_contradictions_with_one_ordinal() =>
        PropertyCheck.Holds(OfOneRegister(3), facts =>
        {
            var (a, b, c) = (facts[0], facts[1], facts[2]);
            Same(FactJoin.Join(a, b), FactJoin.Join(b, a));
            Same(FactJoin.Join(FactJoin.Join(a, b), c), FactJoin.Join(a, FactJoin.Join(b, c)));
            Same(FactJoin.Join(a, a), a);
            Same(FactJoin.Join(FactJoin.Join(a, b), b), FactJoin.Join(a, b));
        }, tests: 3000);

    [Fact]
    public void Facts_that_are_equal_have_one_stored_text() =>
        PropertyCheck.Holds(OfOneRegister(2), facts => Assert.Equal(facts[0].Equals(facts[1]), StoredJson.Write(facts[0]) == StoredJson.Write(facts[1])), tests: 3000);

    [Fact]
    public void The_registers_of_two_sets_together_are_the_join_of_their_registers() =>
        PropertyCheck.Holds(Histories.Arbitrary(), history =>
        {
            var left = Graph(history.Facts.Where(static (_, i) => i % 2 == 0));
            var right = Graph(history.Facts.Where(static (_, i) => i % 3 != 0));
            var union = Graph(history.Facts.Where(static (_, i) => i % 2 == 0 || i % 3 != 0));
            Assert.Equal(Text(union), Text(Graph(left.Facts.Concat(right.Facts))));
            Assert.Equal(Text(union), Text(Graph(right.Facts.Concat(left.Facts).Reverse())));
        });

    [Fact]
    public void Facts_of_different_registers_are_never_joined() =>
        Assert.Throws<ArgumentException>(() => FactJoin.Join(Given.Merged(1, 0), Given.Merged(2, 0)));

    [Fact]
    public void On_a_tie_the_more_cautious_status_wins_and_both_links_stay()
    {
        var green = Given.Built(1, GateStatus.Passed, 0, "a");
        var red = Given.Built(1, GateStatus.Failed, 0, "b");
        Assert.True(FactJoin.Contradict(green, red));
        var joined = FactJoin.Join(green, red);
        Assert.Equal(GateStatus.Failed, joined.Status);
        Assert.Equal([Given.Commit("a"), Given.Commit("b")], joined.Links);
    }

    [Fact]
    public void A_link_that_the_newer_fact_no_longer_has_is_gone_unless_another_register_still_makes_it()
    {
        var graph = Graph([Given.PrOpen(1, 0, Given.Item(1))]);
        Assert.Equal([Given.Pr(1)], graph.ChildrenOf(Given.Item(1)));
        graph.Apply(Given.Merged(1, 1, Given.Item(1)));
        graph.Apply(Given.PrOpen(1, 2, Given.Item(2)));
        Assert.Equal([Given.Pr(1)], graph.ChildrenOf(Given.Item(1)));
        graph.Apply(Given.Merged(1, 3));
        Assert.Empty(graph.ChildrenOf(Given.Item(1)));
        Assert.Null(graph.Apply(Given.PrOpen(1, 0, Given.Item(3))));
    }

    private static void Same(Fact left, Fact right) => Assert.Equal(StoredJson.Write(left), StoredJson.Write(right));

    private static FactGraph Graph(IEnumerable<Fact> facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return graph;
    }

    private static string Text(FactGraph graph) => string.Join('\n', graph.Facts.OrderBy(static f => f.Register).Select(StoredJson.Write));
}
