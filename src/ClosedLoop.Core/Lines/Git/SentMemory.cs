using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// What was sent and when. A look's answer may never reach the record, and the next sweep tells: it reaches back to the last one that was
/// stored. So everything is sent again until a sweep begins after it was first sent. Used by one look at a time.
/// </summary>
internal sealed class SentMemory
{
    private readonly Dictionary<RegisterId, (Fact Fact, DateTimeOffset At)> _facts = [];
    private readonly Dictionary<string, DateTimeOffset> _nodes = new(StringComparer.Ordinal);

    /// <summary>Those of all facts that have to be sent now; facts that are not there any more are forgotten.</summary>
    public IEnumerable<Fact> Due(IReadOnlyCollection<Fact> all, DateTimeOffset since, DateTimeOffset now)
    {
        var due = new List<Fact>();
        foreach (var fact in all)
        {
            if (!_facts.TryGetValue(fact.Register, out var sent) || (!ReferenceEquals(sent.Fact, fact) && sent.Fact != fact)) _facts[fact.Register] = sent = (fact, now);
            if (sent.At > since) due.Add(fact);
        }
        var present = all.Select(static f => f.Register).ToHashSet();
        foreach (var gone in _facts.Keys.Where(k => !present.Contains(k)).ToList()) _facts.Remove(gone);
        return due;
    }

    /// <summary>Those of all commits that have to be sent now.</summary>
    public IEnumerable<LineCommit> DueNodes(IReadOnlyCollection<LineCommit> all, DateTimeOffset since, DateTimeOffset now)
    {
        var due = new List<LineCommit>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var commit in all)
        {
            if (!present.Add(commit.Sha)) continue;
            if (!_nodes.TryGetValue(commit.Sha, out var sent)) _nodes[commit.Sha] = sent = now;
            if (sent > since) due.Add(commit);
        }
        foreach (string gone in _nodes.Keys.Where(k => !present.Contains(k)).ToList()) _nodes.Remove(gone);
        return due;
    }
}
