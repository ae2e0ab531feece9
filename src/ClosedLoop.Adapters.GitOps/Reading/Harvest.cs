using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>What was read of some objects.</summary>
/// <param name="latest">Times after this are of a broken clock: what is ordered by them would keep everything after it from counting.</param>
internal sealed class Harvest(DateTimeOffset latest)
{
    /// <summary>How far a source's clock may be ahead.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    private const int MaxDiagnostics = 50;

    private readonly HashSet<string> _diagnostics = new(StringComparer.Ordinal);

    private readonly List<Fact> _facts = [];

    public IReadOnlyList<Fact> Facts => _facts;

    public List<string> Ignored { get; } = [];

    public IReadOnlyCollection<string> Diagnostics => _diagnostics;

    /// <summary>The objects' health in their system's own words, for explanations.</summary>
    public List<string> Words { get; } = [];

    /// <summary>What is worth reading again.</summary>
    public List<Key> Hints { get; } = [];

    public string Event { get; set; } = "object";

    public void Add(Fact fact)
    {
        if (fact.OccurredAt > latest || fact.Ordinal.Major > latest.ToUnixTimeMilliseconds()) Ignored.Add($"{fact.Subject}: {fact.Kind} is from more than a day ahead; check the clocks");
        else _facts.Add(fact);
    }

    public void Note(string diagnostic)
    {
        if (_diagnostics.Count < MaxDiagnostics) _diagnostics.Add(diagnostic);
    }
}
