using ClosedLoop.Facts;

namespace ClosedLoop.Reconciliation;

/// <summary>Collects the subjects below an item that a source can be asked about. Pure.</summary>
internal static class SubjectWalk
{
    public static void Collect(Key item, FactGraph graph, IReadOnlyCollection<string> schemes, ISet<Key> subjects)
    {
        var seen = new HashSet<Key>();
        Walk(item);
        if (FactGraph.StandsFor(item) is { } change) Walk(change);

        void Walk(Key key)
        {
            if (!seen.Add(key)) return;
            if (schemes.Contains(key.Scheme) && !(key.Is(KeySchemes.Commit) && !graph.IsLanding(key))) subjects.Add(key);
            foreach (var child in graph.ChildrenOf(key)) Walk(child);
        }
    }
}
