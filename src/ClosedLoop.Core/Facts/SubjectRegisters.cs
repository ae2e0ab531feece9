namespace ClosedLoop.Facts;

/// <summary>
/// The registers of one subject, and the subjects that link to it: as a rule a few, which are sooner looked through than hashed; an
/// environment has thousands.
/// </summary>
internal sealed class SubjectRegisters
{
    private const int MostToLookThrough = 8;

    private List<Fact>? _facts;
    private Dictionary<(string Kind, Writer Writer), int>? _places;
    private List<Key>? _children;
    private HashSet<Key>? _childSet;

    /// <summary>Those of a subject of which nothing is known. Nothing is ever added to it.</summary>
    public static SubjectRegisters None { get; } = new();

    public static List<Fact> NoFacts { get; } = [];

    public static List<Key> NoKeys { get; } = [];

    public List<Fact> Facts => _facts ?? NoFacts;

    /// <summary>The subjects that link to this one, each once.</summary>
    public List<Key> Children => _children ?? NoKeys;

    /// <summary>Whether there is a fact of a kind.</summary>
    public bool Has(string kind)
    {
        foreach (var fact in Facts)
            if (fact.Kind == kind) return true;
        return false;
    }

    /// <returns>The place of a register, or -1.</returns>
    public int Find(string kind, Writer writer)
    {
        if (_facts is null) return -1;
        if (_places is not null) return _places.TryGetValue((kind, writer), out int place) ? place : -1;
        for (int i = 0; i < _facts.Count; i++)
        {
            var fact = _facts[i];
            if (fact.Kind == kind && fact.Writer == writer) return i;
        }
        return -1;
    }

    public void Add(Fact fact)
    {
        _facts ??= new List<Fact>(1);
        _facts.Add(fact);
        if (_places is not null) _places[(fact.Kind, fact.Writer)] = _facts.Count - 1;
        else if (_facts.Count > MostToLookThrough) _places = _facts.Index().ToDictionary(static f => (f.Item.Kind, f.Item.Writer), static f => f.Index);
    }

    public void AddChild(Key child)
    {
        _children ??= new List<Key>(1);
        if (_childSet is not null ? !_childSet.Add(child) : _children.Contains(child)) return;
        _children.Add(child);
        if (_childSet is null && _children.Count > MostToLookThrough) _childSet = [.. _children];
    }

    public void RemoveChild(Key child)
    {
        _childSet?.Remove(child);
        _children?.Remove(child);
    }
}
