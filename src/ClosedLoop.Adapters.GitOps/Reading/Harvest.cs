using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>What was read of some objects.</summary>
internal sealed class Harvest
{
    private const int MaxDiagnostics = 50;

    private readonly HashSet<string> _diagnostics = new(StringComparer.Ordinal);

    public List<Fact> Facts { get; } = [];

    public List<string> Ignored { get; } = [];

    public IReadOnlyCollection<string> Diagnostics => _diagnostics;

    /// <summary>The objects' health in their system's own words, for explanations.</summary>
    public List<string> Words { get; } = [];

    /// <summary>What is worth reading again.</summary>
    public List<Key> Hints { get; } = [];

    public string Event { get; set; } = "object";

    public void Note(string diagnostic)
    {
        if (_diagnostics.Count < MaxDiagnostics) _diagnostics.Add(diagnostic);
    }
}
