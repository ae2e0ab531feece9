using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The registers and the links between their subjects. Guarded by the store's lock.</summary>
internal sealed class RegisterTable
{
    private readonly Dictionary<Key, Dictionary<RegisterId, Fact>> _subjects = [];

    // By register, not by subject: a link goes only when the last register of the subject that makes it goes.
    private readonly Dictionary<Key, HashSet<RegisterId>> _children = [];

    public void Replace(Fact fact)
    {
        if (!_subjects.TryGetValue(fact.Subject, out var registers)) _subjects[fact.Subject] = registers = [];
        if (registers.TryGetValue(fact.Register, out var known))
            foreach (var parent in known.Links)
                _children[parent].Remove(known.Register);
        registers[fact.Register] = fact;
        foreach (var parent in fact.Links)
        {
            if (!_children.TryGetValue(parent, out var children)) _children[parent] = children = [];
            children.Add(fact.Register);
        }
    }

    public IEnumerable<Fact> FactsOf(Key subject) => _subjects.TryGetValue(subject, out var registers) ? registers.Values : [];

    /// <summary>Registers in order. Sorts all of them for each page: a rebuild of a store in memory is for tests.</summary>
    public List<Fact> ReadAfter(RegisterId? after, int limit) =>
        [.. _subjects.Values.SelectMany(static s => s.Values).Select(static f => (Order: OrderOf(f.Register), Fact: f))
            .Where(r => after is null || Compare(r.Order, OrderOf(after.Value)) > 0).Order(Comparer<((string, string, string) Order, Fact Fact)>.Create(static (x, y) => Compare(x.Order, y.Order))).Take(limit).Select(static r => r.Fact)];

    private static (string Subject, string Kind, string Writer) OrderOf(RegisterId register) => (register.Subject.ToString(), register.Kind, register.Writer.ToString());

    private static int Compare((string Subject, string Kind, string Writer) x, (string Subject, string Kind, string Writer) y)
    {
        int subject = string.CompareOrdinal(x.Subject, y.Subject);
        if (subject != 0) return subject;
        int kind = string.CompareOrdinal(x.Kind, y.Kind);
        return kind != 0 ? kind : string.CompareOrdinal(x.Writer, y.Writer);
    }

    /// <summary>Everything above the subjects and targets, and everything below the subjects and the items and pull requests among that.</summary>
    public HashSet<Key> Neighbourhood(IReadOnlyCollection<Key> subjects, IReadOnlyCollection<Key> targets)
    {
        var above = Close(subjects.Concat(targets), key => FactsOf(key).SelectMany(static f => f.Links));
        var below = Close(
            above.Where(static k => k.Is(KeySchemes.Item) || k.Is(KeySchemes.PullRequest)).Concat(subjects),
            key => _children.TryGetValue(key, out var children) ? children.Select(static c => c.Subject) : []);
        above.UnionWith(below);
        return above;
    }

    private static HashSet<Key> Close(IEnumerable<Key> start, Func<Key, IEnumerable<Key>> next)
    {
        var seen = new HashSet<Key>();
        var open = new Stack<Key>(start);
        while (open.TryPop(out var key))
        {
            if (!seen.Add(key)) continue;
            foreach (var neighbour in next(key)) open.Push(neighbour);
            if (Twin(key) is { } twin) open.Push(twin);
        }
        return seen;
    }

    // A change and the item that stands for it are one thing under two names: whoever loads one needs the other.
    private static Key? Twin(Key key)
    {
        if (key.Is(KeySchemes.Item)) return FactGraph.StandsFor(key);
        return key.Is(KeySchemes.PullRequest) && Key.TryParse($"{KeySchemes.Item}:{key}", out var item) ? item : null;
    }
}
