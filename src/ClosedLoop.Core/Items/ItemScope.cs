using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>The facts that concern one item: its own, those of each of its changes, and those shared by all changes.</summary>
internal sealed class ItemScope
{
    private readonly List<Fact> _shared = [];
    private readonly List<ChangeScope> _changes = [];

    private ItemScope(List<Fact> own) => Own = own;

    /// <summary>Facts about the item itself.</summary>
    public IReadOnlyList<Fact> Own { get; }

    /// <summary>Facts that count for every change: the item's own, and of subjects linked straight to it.</summary>
    public IReadOnlyList<Fact> Shared => _shared;

    /// <summary>The item's changes, in key order.</summary>
    public IReadOnlyList<ChangeScope> Changes => _changes;

    /// <summary>The earliest instant in the facts of its changes.</summary>
    public DateTimeOffset? FirstSeen => _changes.SelectMany(static c => c.Facts).Concat(_shared).Select(static f => (DateTimeOffset?)f.OccurredAt).Min();

    public static ItemScope Collect(Key item, FactGraph graph)
    {
        var own = graph.FactsOf(item).OrderBy(static f => f.Register).ToList();
        var scope = new ItemScope(own);
        var seen = new KeyTrail();
        seen.Add(item);
        scope._shared.AddRange(own);
        if (FactGraph.StandsFor(item) is { } change && graph.IsChange(change) && seen.Add(change))
            scope._changes.Add(ChangeScope.Collect(change, graph));
        scope.Descend(item, graph, seen);
        // A commit that somebody linked to the item and that turned out to be where one of its pull requests landed is that change, not another.
        scope._changes.RemoveAll(c => c.View.Change.Is(KeySchemes.Commit) && scope._changes.Exists(o => o.View.Change.Is(KeySchemes.PullRequest) && o.View.Landings.Contains(c.View.Change)));
        scope._changes.Sort(static (a, b) => a.View.Change.CompareTo(b.View.Change));
        scope._shared.Sort(static (a, b) => a.Register.CompareTo(b.Register));
        foreach (var collected in scope._changes) collected.SharedFacts = scope._shared;
        return scope;
    }

    /// <summary>The first value of an attribute among the changes' own facts.</summary>
    public string? Attribute(string name)
    {
        Fact? first = null;
        foreach (var change in _changes)
            foreach (var fact in change.OwnFacts)
                if (fact.Attribute(name) is not null && (first is null || fact.Register.CompareTo(first.Register) < 0))
                    first = fact;
        return first?.Attribute(name);
    }

    private void Descend(Key key, FactGraph graph, KeyTrail seen)
    {
        foreach (var child in graph.ChildrenOf(key))
        {
            if (!seen.Add(child)) continue;
            if (graph.IsChange(child))
            {
                _changes.Add(ChangeScope.Collect(child, graph));
                continue;
            }
            // A commit counts only once it has landed: checks of a pull request's head say nothing about the target branch.
            if (child.Is(KeySchemes.Commit)) continue;
            // A part of an item is an item of its own: done parts say nothing of those that have no change yet.
            if (child.Is(KeySchemes.Item)) continue;
            // Nor does a build of a branch: of a branch only its changes count.
            if (key.Is(KeySchemes.Branch)) continue;
            _shared.AddRange(graph.FactsOf(child));
            Descend(child, graph, seen);
        }
    }
}
