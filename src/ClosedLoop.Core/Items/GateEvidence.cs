using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>Takes from the facts of an item those that count for one gate, and remembers why others did not.</summary>
internal ref struct GateEvidence
{
    private readonly GateDefinition _gate;
    private readonly ChangeScope? _change;
    private readonly LandingCoverage? _landing;
    private readonly List<Fact> _accepted;
    private SortedSet<Writer>? _refused;
    private bool _early;
    private bool _elsewhere;
    private bool _pending;

    public GateEvidence(GateDefinition gate, ChangeScope? change, LandingCoverage? landing, List<Fact> accepted)
    {
        (_gate, _change, _landing, _accepted) = (gate, change, landing, accepted);
        accepted.Clear();
    }

    /// <summary>Writers whose facts the gate does not accept; null when there are none.</summary>
    public readonly IReadOnlyList<Writer>? RefusedWriters => _refused is null ? null : [.. _refused];

    public void Collect(List<Fact> facts, in GateDraft previous)
    {
        foreach (var fact in facts)
        {
            if (!_gate.ListensTo(fact.Kind)) continue;
            // What is about a commit of a known line counts by what that commit contains, not by its links.
            if (_landing is { IsLocated: true } && _gate.Coverage != GateCoverage.Exact && _change!.Coverage.Indexed.Contains(fact.Register)) continue;
            if (!_gate.Accepts(fact.Writer))
            {
                (_refused ??= []).Add(fact.Writer);
                continue;
            }
            // What else runs there cannot be compared with a landing whose place is not known yet.
            if (_landing is { IsPending: true } && _gate.Coverage == GateCoverage.Level && fact.Status == GateStatus.Passed && fact.Writer.Role != WriterRoles.Person)
            {
                _pending = true;
                continue;
            }
            if (!_gate.Environments.IsDefaultOrEmpty && fact.Environment is { } environment && !_gate.Environments.Contains(environment, StringComparer.OrdinalIgnoreCase))
            {
                _elsewhere = true;
                continue;
            }
            if (_gate.BoundToHead && _change?.View.Head is { } head && fact.Revision is { } about && about != head) continue;
            // While the preceding gate does not hold, a failure is still worth showing; a pass would be of what ran before.
            if (_gate.AfterPrevious && fact.Writer.Role != WriterRoles.Person &&
                (previous.Holds ? fact.OccurredAt < previous.Since : fact.Status == GateStatus.Passed))
            {
                _early = true;
                continue;
            }
            _accepted.Add(fact);
        }
    }

    /// <summary>The gate without any evidence that counts: why not.</summary>
    public readonly GateDraft Missing(in GateDraft previous)
    {
        string? why = _pending ? "its place on the line is not known yet"
            : _early ? $"evidence from before {previous.Gate} does not count"
            : _elsewhere ? $"evidence only for other environments than {string.Join(", ", _gate.Environments)}"
            : null;
        return new GateDraft(_gate.Name) { Reason = why is null ? Reason.None : Reason.Inconclusive, Detail = why };
    }
}
