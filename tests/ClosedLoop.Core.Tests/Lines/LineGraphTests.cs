using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>What is read off place by place is what walking the whole skeleton finds, in whatever order it became known.</summary>
public sealed class LineGraphTests
{
    [Fact]
    public void What_a_commit_contains_is_the_same_asked_chain_by_chain_as_listed()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var graph = new LineGraph("acme/web");
            var late = new List<MergeEdge>();
            for (int step = 0; step < 40; step++)
            {
                Grow(graph, random, late);
                // Asked between the steps: what was read off before must not outlive what changes it.
                if (random.Next(3) > 0) Compare(graph, random, $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Between_two_places_of_a_chain_exactly_those_chains_are_named_of_which_the_later_contains_more()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var graph = new LineGraph("acme/web");
            for (int step = 0; step < 40; step++) Grow(graph, random, []);
            foreach (var chain in graph.Chains)
            {
                var (one, other) = (Place(random, chain), Place(random, chain));
                var (earlier, later) = one.Position <= other.Position ? (one, other) : (other, one);
                var (before, after) = (graph.Reach(earlier), graph.Reach(later));
                var more = after.Where(r => !(before.TryGetValue(r.Key, out long last) && last >= r.Value)).Select(static r => r.Key);
                Assert.Equal(more.Append(chain.Id).Distinct().Order(), graph.Gained(chain.Id, earlier.Position, later.Position).Order());
            }
        }
    }

    private static void Compare(LineGraph graph, Random random, string when)
    {
        var places = graph.Chains.Select(c => Place(random, c)).ToList();
        foreach (var place in places)
        {
            var reach = graph.Reach(place);
            foreach (var other in places)
            {
                Assert.True(graph.LastReached(place, other.Chain) == (reach.TryGetValue(other.Chain, out long last) ? last : null), $"{when}: {place} contains {other.Chain} up to {graph.LastReached(place, other.Chain)}");
                bool isMissing = Missing(graph, place).Except(Missing(graph, other)).Any();
                bool contains = reach.TryGetValue(other.Chain, out long reached) && reached >= other.Position;
                bool isBelow = graph.Reach(other).TryGetValue(place.Chain, out long above) && above >= place.Position;
                Assert.True(graph.MayContain(place, other) == (contains || (!isBelow && isMissing)), $"{when}: {place} and {other}");
            }
        }
    }

    // The places in a commit's past below which something is missing.
    private static IEnumerable<ChainPoint> Missing(LineGraph graph, ChainPoint commit)
    {
        var reach = graph.Reach(commit);
        return graph.Chains.Where(c => c is { ParentSha: not null, Parent: null } && reach.ContainsKey(c.Id)).Select(static c => new ChainPoint(c.Id, c.First));
    }

    private static void Grow(LineGraph graph, Random random, List<MergeEdge> late)
    {
        var chains = graph.Chains.ToList();
        switch (chains.Count == 0 ? 0 : random.Next(12))
        {
            // A root, or a chain whose past is not known.
            case 0:
                graph.Add(new Chain { Id = graph.NextId(), ParentSha = random.Next(2) == 0 ? "unknown" : null });
                break;
            case 1 or 2:
                graph.Add(new Chain { Id = graph.NextId(), ParentSha = "known", Parent = Place(random, Pick(chains)) });
                break;
            case 3 or 4 or 5:
                Pick(chains).Last += random.Next(1, 4);
                break;
            case 6 or 7 or 8:
                // A merge at a chain's end; now and then its other side becomes known only later.
                var line = Pick(chains);
                var other = Place(random, Pick(chains));
                line.Last++;
                graph.Extended();
                var merge = new MergeEdge(new ChainPoint(line.Id, line.Last), other);
                if (graph.Contains(other, merge.At)) break;
                if (random.Next(4) == 0) late.Add(merge);
                else graph.Add(merge);
                break;
            case 9 when late.Count > 0:
                if (!graph.Contains(late[0].Other, late[0].At)) graph.Add(late[0]);
                late.RemoveAt(0);
                break;
            case 10 when chains.Find(static c => c is { ParentSha: not null, Parent: null }) is { } upper:
                // A gap closes: the chain hangs on another one from now on.
                var below = Place(random, Pick(chains));
                if (graph.Contains(below, new ChainPoint(upper.Id, upper.First))) break;
                upper.Parent = below;
                graph.Forget();
                break;
        }
        graph.Extended();

        Chain Pick(List<Chain> of) => of[random.Next(of.Count)];
    }

    private static ChainPoint Place(Random random, Chain chain) => new(chain.Id, chain.First + random.Next((int)chain.Length));
}
