namespace ClosedLoop.Facts;

/// <summary>The registers of one subject: as a rule a few, which are sooner looked through than hashed; an environment has thousands.</summary>
internal sealed class SubjectRegisters
{
    private const int MostToLookThrough = 8;

    private readonly List<Fact> _facts = new(1);
    private Dictionary<(string Kind, Writer Writer), int>? _places;

    public List<Fact> Facts => _facts;

    /// <returns>The place of a register, or -1.</returns>
    public int Find(string kind, Writer writer)
    {
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
        _facts.Add(fact);
        if (_places is not null) _places[(fact.Kind, fact.Writer)] = _facts.Count - 1;
        else if (_facts.Count > MostToLookThrough) _places = _facts.Index().ToDictionary(static f => (f.Item.Kind, f.Item.Writer), static f => f.Index);
    }
}
