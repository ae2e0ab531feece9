using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The registers and the links between their subjects. Guarded by the store's lock.</summary>
internal sealed class RegisterTable
{
    private readonly Dictionary<Key, List<Fact>> _subjects = [];

    // By how many registers of the child make it: a link goes only when the last of them goes.
    private readonly Dictionary<Key, Dictionary<Key, int>> _children = [];
    private static readonly List<Fact> NoFacts = [];

    public void Replace(Fact fact)
    {
        if (!_subjects.TryGetValue(fact.Subject, out var registers)) _subjects[fact.Subject] = registers = new List<Fact>(2);
        var register = fact.Register;
        int place = registers.FindIndex(f => f.Register == register);
        if (place < 0) registers.Add(fact);
        else
        {
            foreach (var parent in registers[place].Links) Unlink(parent, fact.Subject);
            registers[place] = fact;
        }
        foreach (var parent in fact.Links)
        {
            if (!_children.TryGetValue(parent, out var children)) _children[parent] = children = [];
            children[fact.Subject] = children.GetValueOrDefault(fact.Subject) + 1;
        }
    }

    private void Unlink(Key parent, Key child)
    {
        var children = _children[parent];
        if (--children[child] == 0) children.Remove(child);
    }

    public List<Fact> FactsOf(Key subject) => _subjects.TryGetValue(subject, out var registers) ? registers : NoFacts;

    /// <summary>Registers in order. Sorts all of them for each page: a rebuild of a store in memory is for tests.</summary>
    public List<Fact> ReadAfter(RegisterId? after, int limit) =>
        [.. _subjects.Values.SelectMany(static s => s).Select(static f => (Order: OrderOf(f.Register), Fact: f))
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
        var open = new Stack<Key>(subjects.Concat(targets));
        var above = new HashSet<Key>();
        while (open.TryPop(out var key))
        {
            if (!above.Add(key)) continue;
            foreach (var fact in FactsOf(key))
                for (int i = 0; i < fact.Links.Count; i++) open.Push(fact.Links[i]);
            if (Twin(key) is { } twin) open.Push(twin);
        }
        foreach (var key in above)
            if (key.Is(KeySchemes.Item) || key.Is(KeySchemes.PullRequest)) open.Push(key);
        foreach (var key in subjects) open.Push(key);
        var below = new HashSet<Key>();
        while (open.TryPop(out var key))
        {
            if (!below.Add(key)) continue;
            if (_children.TryGetValue(key, out var children))
                foreach (var child in children.Keys) open.Push(child);
            if (Twin(key) is { } twin) open.Push(twin);
        }
        above.UnionWith(below);
        return above;
    }

    // A change and the item that stands for it are one thing under two names: whoever loads one needs the other.
    private static Key? Twin(Key key)
    {
        if (key.Is(KeySchemes.Item)) return FactGraph.StandsFor(key);
        return key.Is(KeySchemes.PullRequest) && Key.TryParse($"{KeySchemes.Item}:{key}", out var item) ? item : null;
    }
}
