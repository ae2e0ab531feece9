using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Items;

/// <summary>The facts of one change: its own, and those of its reviews, landings, builds, images and deployments.</summary>
internal sealed class ChangeScope
{
    private readonly List<Fact> _facts = [];

    private ChangeScope(IReadOnlyList<Fact> own) => OwnFacts = own;

    public required ChangeView View { get; init; }

    public IReadOnlyList<Fact> OwnFacts { get; }

    /// <summary>What is said of each of its landings, also of those that were landed again.</summary>
    public IReadOnlyList<Fact> LandingFacts { get; private init; } = [];

    /// <summary>The facts that count for every change of the item; set by the item's scope.</summary>
    public IReadOnlyList<Fact> SharedFacts { get; set; } = [];

    /// <summary>What the lines say of it; set before the fold.</summary>
    public ChangeCoverage Coverage { get; set; } = ChangeCoverage.None;

    /// <summary>All facts, in register order, so that a fold never depends on the order of arrival.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    public static ChangeScope Collect(Key change, FactGraph graph)
    {
        var own = graph.FactsOf(change).OrderBy(static f => f.Register).ToList();
        var landings = new SortedSet<Key>();
        if (graph.IsLanding(change)) landings.Add(change);
        var facts = new List<Fact>(own);
        // Before the change's item was known, people could only speak of the stand-in: what they decided stays decided.
        if (change.Is(KeySchemes.PullRequest)) facts.AddRange(graph.FactsOf(Key.Item(change.ToString())));
        var undone = EarlierLandings(change, graph);
        landings.UnionWith(undone);
        var seen = new KeyTrail();
        seen.Add(change);
        foreach (var landing in undone) seen.Add(landing);
        Descend(change, graph, seen, facts, landings);
        var head = own.Where(static f => f.Kind == Gates.PrOpened && f.Revision is not null).OrderBy(static f => f.Writer).LastOrDefault();
        bool merged = own.Exists(static f => f.Kind == Gates.Merged && f.Status == GateStatus.Passed);
        var scope = new ChangeScope(own)
        {
            LandingFacts = [.. landings.SelectMany(graph.FactsOf).Where(static f => f.Kind == FactKinds.Landing).OrderBy(static f => f.Register)],
            View = new ChangeView
            {
                Change = change,
                Head = head?.Revision,
                Landings = [.. landings],
                Abandoned = !merged && own.Exists(static f => f.Reason == Reason.Abandoned && MayAbandon(f.Writer)),
            },
        };
        facts.Sort(static (a, b) => a.Register.CompareTo(b.Register));
        scope._facts.AddRange(facts);
        return scope;
    }

    /// <summary>Whether a revision is a landing of this change, so that evidence about it is exact.</summary>
    public bool IsLanding(string revision)
    {
        foreach (var landing in View.Landings)
            if (landing.Value.EndsWith("@" + revision, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    // Landing again on a branch is a new landing: what was built of the one before says nothing of it.
    private static HashSet<Key> EarlierLandings(Key change, FactGraph graph)
    {
        var landings = graph.ChildrenOf(change).Where(graph.IsLanding).ToList();
        if (landings.Count < 2) return [];
        return [.. landings
            .Select(landing => (Landing: landing, Fact: graph.FactsOf(landing).Where(static f => f.Kind == FactKinds.Landing).OrderBy(static f => f.OccurredAt.UtcTicks).ThenBy(static f => f.Register).Last()))
            .GroupBy(static l => l.Fact.Attribute(FactAttributes.Branch), StringComparer.Ordinal)
            .SelectMany(static line => line.OrderBy(static l => l.Fact.OccurredAt.UtcTicks).ThenBy(static l => l.Landing).SkipLast(1))
            .Select(static l => l.Landing)];
    }

    // An agent that could drop a change of its own would be done with the rest.
    private static bool MayAbandon(Writer writer) => writer.Role is WriterRoles.SourceControl or WriterRoles.Host or WriterRoles.Person;

    private static void Descend(Key key, FactGraph graph, KeyTrail seen, List<Fact> facts, SortedSet<Key> landings)
    {
        foreach (var child in graph.ChildrenOf(key))
        {
            if (child.Is(KeySchemes.PullRequest) || child.Is(KeySchemes.Item) || !seen.Add(child)) continue;
            if (child.Is(KeySchemes.Commit))
            {
                if (!graph.IsLanding(child)) continue;
                landings.Add(child);
            }
            // A target speaks of one version after the other, and of each in its own fact: what it says of another one is not about this change.
            facts.AddRange(child.Is(KeySchemes.Environment) ? graph.FactsOf(child).Where(f => f.Links.IsEmpty || f.Links.Contains(key)) : graph.FactsOf(child));
            Descend(child, graph, seen, facts, landings);
        }
    }
}
