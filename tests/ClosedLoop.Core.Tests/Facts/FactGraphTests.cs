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
}
