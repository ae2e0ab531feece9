using System.Runtime.InteropServices;
using ClosedLoop.Facts;

namespace ClosedLoop.Reconciliation;

/// <summary>
/// Finds the subjects below items that a source can be asked about. It needs only which subject links to which, so it is built of the facts
/// as they were read: no register is joined for it. Pure.
/// </summary>
internal sealed class SubjectWalk
{
    // The links to a key as a chain of places: most keys have one or two, and a set for each would be most of the work.
    private readonly Dictionary<Key, int> _first = [];
    private readonly List<(Key Child, int Next)> _links = [];
    private readonly HashSet<Key> _landings = [];

    /// <param name="facts">The registers of the items and of what lies below them.</param>
    public SubjectWalk(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
        {
            if (fact.Kind == FactKinds.Landing) _landings.Add(fact.Subject);
            foreach (var parent in fact.Links)
            {
                ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_first, parent, out bool known);
                _links.Add((fact.Subject, known ? first : -1));
                first = _links.Count - 1;
            }
        }
    }

    /// <summary>The subjects of an item that have one of some schemes, in order; of commits, those that landed.</summary>
    public SortedSet<Key> Below(Key item, IReadOnlyCollection<string> schemes)
    {
        var subjects = new SortedSet<Key>();
        var seen = new HashSet<Key>();
        var open = new Stack<Key>([item]);
        if (FactGraph.StandsFor(item) is { } change) open.Push(change);
        while (open.TryPop(out var key))
        {
            if (!seen.Add(key)) continue;
            if ((!key.Is(KeySchemes.Commit) || _landings.Contains(key)) && HasScheme(key, schemes)) subjects.Add(key);
            for (int link = _first.TryGetValue(key, out int first) ? first : -1; link >= 0; link = _links[link].Next) open.Push(_links[link].Child);
        }
        return subjects;
    }

    private static bool HasScheme(Key key, IReadOnlyCollection<string> schemes)
    {
        foreach (string scheme in schemes)
            if (key.Is(scheme))
                return true;
        return false;
    }
}
