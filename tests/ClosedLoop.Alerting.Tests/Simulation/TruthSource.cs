using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>A source that knows what happened, whether or not a webhook told it, and that can be out of reach.</summary>
internal sealed class TruthSource(string name, params string[] gates) : IProbe
{
    private readonly Dictionary<Key, Dictionary<RegisterId, Fact>> _bySubject = [];
    private readonly Dictionary<Key, HashSet<Key>> _children = [];
    private readonly List<(DateTimeOffset At, Key Subject)> _changes = [];

    public bool IsAway { get; set; }

    public int Calls { get; private set; }

    public AdapterRegistration Register(TimeSpan pollInterval) => new()
    {
        Name = name,
        Writers = [Given.Scm, Given.Ci, Given.Registry, Given.Deployer, Given.Health],
        Gates = [.. gates],
        Probe = this,
        PollInterval = pollInterval,
        MaxKeysPerProbe = 1_000,
        ProbeSchemes = [KeySchemes.PullRequest, KeySchemes.Commit, KeySchemes.Build, KeySchemes.Image, KeySchemes.Environment],
    };

    public bool Knows(Fact fact) => gates.Contains(fact.Kind) || (fact.Kind == FactKinds.Landing && gates.Contains(Gates.Merged));

    public void Happens(Fact fact)
    {
        if (!_bySubject.TryGetValue(fact.Subject, out var registers)) _bySubject[fact.Subject] = registers = [];
        registers[fact.Register] = registers.TryGetValue(fact.Register, out var before) ? FactJoin.Join(before, fact) : fact;
        foreach (var link in fact.Links)
        {
            if (!_children.TryGetValue(link, out var children)) _children[link] = children = [];
            children.Add(fact.Subject);
        }
        _changes.Add((fact.OccurredAt, fact.Subject));
    }

    public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        Calls++;
        if (IsAway) return new(ProbeResult.Unreachable("connection refused"));
        var wanted = new HashSet<Key>(batch.Keys);
        if (batch.SweepSince is { } since)
            for (int i = _changes.Count - 1; i >= 0 && _changes[i].At >= since; i--) wanted.Add(_changes[i].Subject);
        foreach (var key in wanted.ToList()) Descend(key, wanted, 0);
        return new(ProbeResult.Reached(wanted.Where(_bySubject.ContainsKey).SelectMany(key => _bySubject[key].Values)));
    }

    private void Descend(Key key, HashSet<Key> wanted, int depth)
    {
        if (depth == 4 || !_children.TryGetValue(key, out var children)) return;
        foreach (var child in children)
        {
            wanted.Add(child);
            Descend(child, wanted, depth + 1);
        }
    }
}
