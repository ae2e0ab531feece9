using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>What a subject of a source showed from an instant on.</summary>
internal sealed record Shown(DateTimeOffset At, Key Subject, ImmutableArray<Fact> Facts, ImmutableArray<CommitNode> History);

/// <summary>A provider's own memory: what each of its subjects showed and when, so that it can be read as of now or of a while ago.</summary>
internal sealed class Source(string name, TimeSpan keep)
{
    private readonly Dictionary<Key, List<Shown>> _subjects = [];
    private readonly List<Shown> _log = [];

    public string Name => name;

    public DateTimeOffset DownUntil { get; set; }

    public DateTimeOffset LimitedUntil { get; set; }

    /// <summary>Its API answers with what was so until then; null: with what is so now.</summary>
    public TimeSpan Lag { get; set; }

    public void Show(Shown shown)
    {
        if (!_subjects.TryGetValue(shown.Subject, out var versions)) _subjects[shown.Subject] = versions = [];
        versions.RemoveAll(v => v.At < shown.At - keep && v != versions[^1]);
        versions.Add(shown);
        _log.Add(shown);
        if (_log.Count > 1000 && _log[_log.Count / 2].At < shown.At - keep) _log.RemoveRange(0, _log.Count / 2);
    }

    public Shown? Read(Key subject, DateTimeOffset asOf) => _subjects.TryGetValue(subject, out var versions) ? versions.FindLast(v => v.At <= asOf) : null;

    public IEnumerable<Shown> Changed(DateTimeOffset since, DateTimeOffset asOf)
    {
        int first = _log.Count;
        while (first > 0 && _log[first - 1].At >= since) first--;
        for (int i = first; i < _log.Count; i++)
            if (_log[i].At <= asOf)
                yield return _log[i];
    }
}
