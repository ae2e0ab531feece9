using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>What was read of some objects.</summary>
/// <param name="seen">When: only a source that does not tell its own time is taken to be of then.</param>
internal sealed class Harvest(DateTimeOffset seen)
{
    // A clock that is further ahead is broken, and what is ordered by it would keep everything after it from counting.
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    private const int MaxDiagnostics = 50;

    private readonly HashSet<string> _diagnostics = new(StringComparer.Ordinal);

    private readonly List<Fact> _facts = [];

    public DateTimeOffset Seen => seen;

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
        if (fact.OccurredAt - seen > MaxAhead || fact.Ordinal.Major - seen.ToUnixTimeMilliseconds() > MaxAhead.TotalMilliseconds) Ignored.Add($"{fact.Subject}: {fact.Kind} is from more than a day ahead; check the clocks");
        else _facts.Add(fact);
    }

    public void Note(string diagnostic)
    {
        if (_diagnostics.Count < MaxDiagnostics) _diagnostics.Add(diagnostic);
    }
}
