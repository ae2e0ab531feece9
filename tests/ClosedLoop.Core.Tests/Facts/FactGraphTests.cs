using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Facts;

public sealed class FactGraphTests
{
    [Fact]
    public void A_fact_that_is_known_or_older_allocates_nothing()
    {
        var graph = new FactGraph();
        Fact[] facts = Make(), again = Make(), older = [.. Make().Select(static f => f with { Ordinal = new Ordinal(1) })];
        foreach (var fact in facts) Assert.Same(fact, graph.Apply(fact));
        // The first time what is compiled is made.
        int changed = Apply(again) + Apply(older);
        long before = GC.GetAllocatedBytesForCurrentThread();
        changed += Apply(again) + Apply(older);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Equal(0, changed);
        Assert.Equal(facts.Length, graph.Count);

        int Apply(Fact[] known)
        {
            int taken = 0;
            foreach (var fact in known)
                if (graph.Apply(fact) is not null)
                    taken++;
            return taken;
        }

        // Each time other objects with the same content, also their texts.
        static Fact[] Make() => [.. Enumerable.Range(1, 20).Select(i => Given.PrOpen(i, i, Given.Item(i), Given.Branch($"change-{i}")) with
        {
            Attributes = Given.Pr(i).ToString().Split('#').Index().ToDictionary(static p => $"name-{p.Index}", static p => p.Item).Aggregate(Given.Opened(Given.Item(i)).Attributes, static (all, next) => all.Add(next.Key, next.Value)),
        })];
    }

    [Fact]
    public void A_subject_may_have_many_registers()
    {
        var graph = new FactGraph();
        var subject = Key.Environment("production/web");
        for (int version = 1; version <= 2; version++)
            for (int i = 0; i < 100; i++)
            {
                Assert.NotNull(graph.Apply(Of(i, version)));
                Assert.Null(graph.Apply(Of(i, version)));
                Assert.Equal(Of(i, version), graph.Find(Of(i, 0).Register));
            }
        Assert.Equal(100, graph.Count);
        Assert.Equal(100, graph.FactsOf(subject).Count);
        Assert.All(graph.Facts, static f => Assert.Equal(2, f.Ordinal.Major));
        Assert.Null(graph.Find(Of(100, 0).Register));
        Assert.Null(graph.Find(Of(1, 0).Register with { Writer = Given.Health }));

        Fact Of(int kind, int version) => Given.Of(Given.Deployer, subject, $"kind-{kind}", 1) with { Ordinal = new Ordinal(version) };
    }

    [Fact]
    public void Many_subjects_may_link_to_one_and_leave_it_again()
    {
        var graph = new FactGraph();
        var item = Given.Item(1);
        for (int i = 1; i <= 30; i++) Assert.NotNull(graph.Apply(Given.PrOpen(i, 1, item)));
        Assert.Equal(Enumerable.Range(1, 30).Select(Given.Pr), graph.ChildrenOf(item));
        // Some are linked twice, and stay as long as one of the two says so.
        for (int i = 1; i <= 5; i++) Assert.NotNull(graph.Apply(Given.Merged(i, 2, item)));
        for (int i = 1; i <= 25; i++) Assert.NotNull(graph.Apply(Given.PrOpen(i, 3, Given.Item(2))));
        Assert.Equal([.. Enumerable.Range(1, 5).Select(Given.Pr), .. Enumerable.Range(26, 5).Select(Given.Pr)], graph.ChildrenOf(item));
        Assert.Equal(Enumerable.Range(1, 25).Select(Given.Pr), graph.ChildrenOf(Given.Item(2)));
        for (int i = 1; i <= 25; i++) Assert.NotNull(graph.Apply(Given.PrOpen(i, 4, item)));
        Assert.Equal(Enumerable.Range(1, 30).Select(Given.Pr).Order(), graph.ChildrenOf(item).Order());
    }
}
