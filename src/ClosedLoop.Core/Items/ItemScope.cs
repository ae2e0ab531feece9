using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>The facts that concern one item: its own, those of each of its changes, and those shared by all changes.</summary>
internal sealed class ItemScope
{
    private readonly List<Fact> _shared;
    private readonly List<ChangeScope> _changes = new(1);

    private ItemScope(List<Fact> own) => _shared = [.. own];

    /// <summary>Facts that count for every change: the item's own, and of subjects linked straight to it. In register order.</summary>
    public List<Fact> Shared => _shared;

    /// <summary>The item's changes, in key order.</summary>
    public List<ChangeScope> Changes => _changes;

    /// <summary>How many of its changes are not abandoned.</summary>
    public int LiveChanges
    {
        get
        {
            int live = 0;
            foreach (var change in _changes)
                if (!change.View.Abandoned) live++;
            return live;
        }
    }

    /// <summary>Whether it has changes and all of them are abandoned.</summary>
    public bool IsAbandoned => _changes.Count > 0 && LiveChanges == 0;

    /// <summary>The earliest instant in the facts of its changes.</summary>
    public DateTimeOffset? FirstSeen
    {
        get
        {
            DateTimeOffset? first = null;
            foreach (var change in _changes) first = Earliest(change.Facts, first);
            return Earliest(_shared, first);
        }
    }

    public static ItemScope Collect(Key item, FactGraph graph, FoldScratch scratch)
    {
        var at = graph.Of(item);
        var scope = new ItemScope(at.Facts);
        var seen = scratch.BelowItem;
        seen.Clear();
        seen.Add(item);
        if (FactGraph.StandsFor(item) is { } change && graph.IsChange(change) && seen.Add(change))
            scope._changes.Add(ChangeScope.Collect(change, graph, scratch));
        scope.Descend(item, at, graph, scratch);
        if (scope._changes.Count > 1)
        {
            // A commit that somebody linked to the item and that turned out to be where one of its pull requests landed is that change, not another.
            scope._changes.RemoveAll(c => c.View.Change.Is(KeySchemes.Commit) && scope._changes.Exists(o => o.View.Change.Is(KeySchemes.PullRequest) && o.View.Landings.Contains(c.View.Change)));
            scope._changes.Sort(static (a, b) => a.View.Change.CompareTo(b.View.Change));
        }
        scope._shared.Sort(Fact.CompareRegisters);
        foreach (var collected in scope._changes) collected.SharedFacts = scope._shared;
        return scope;
    }

    /// <summary>The fact by which the item was opened, the newest of several; null when nobody did.</summary>
    public Fact? Declared(Key item)
    {
        Fact? declared = null;
        foreach (var fact in _shared)
            if (fact.Kind == FactKinds.Item && fact.Subject == item && (declared is null || IsNewer(fact, declared)))
                declared = fact;
        return declared;
    }

    /// <summary>The first value of an attribute among the changes' own facts.</summary>
    public string? Attribute(string name)
    {
        Fact? first = null;
        foreach (var change in _changes)
            foreach (var fact in change.Facts)
                if (fact.Subject == change.View.Change && fact.Attribute(name) is not null && (first is null || Fact.CompareRegisters(fact, first) < 0))
                    first = fact;
        return first?.Attribute(name);
    }

    private static bool IsNewer(Fact fact, Fact other)
    {
        int order = fact.Ordinal.CompareTo(other.Ordinal);
        return order > 0 || (order == 0 && fact.Writer.CompareTo(other.Writer) > 0);
    }

    private static DateTimeOffset? Earliest(List<Fact> facts, DateTimeOffset? first)
    {
        foreach (var fact in facts)
            if (first is null || fact.OccurredAt < first) first = fact.OccurredAt;
        return first;
    }

    private void Descend(Key key, SubjectRegisters at, FactGraph graph, FoldScratch scratch)
    {
        foreach (var child in at.Children)
        {
            if (!scratch.BelowItem.Add(child)) continue;
            if (graph.IsChange(child))
            {
                _changes.Add(ChangeScope.Collect(child, graph, scratch));
                continue;
            }
            // A commit counts only once it has landed: checks of a pull request's head say nothing about the target branch.
            if (child.Is(KeySchemes.Commit)) continue;
            // A part of an item is an item of its own: done parts say nothing of those that have no change yet.
            if (child.Is(KeySchemes.Item)) continue;
            // Nor does a build of a branch: of a branch only its changes count.
            if (key.Is(KeySchemes.Branch)) continue;
            var below = graph.Of(child);
            _shared.AddRange(below.Facts);
            Descend(child, below, graph, scratch);
        }
    }
}
