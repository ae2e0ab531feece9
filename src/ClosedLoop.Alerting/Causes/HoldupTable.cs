using System.Diagnostics.CodeAnalysis;

namespace ClosedLoop.Alerting.Causes;

/// <summary>What is held up, by item and by cause. Costs what is held up, not what is open. Not safe for use by several threads.</summary>
internal sealed class HoldupTable
{
    private readonly Dictionary<string, Holdup> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CauseGroup> _groups = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    public IReadOnlyCollection<string> Items => _items.Keys;

    public IReadOnlyCollection<CauseGroup> Groups => _groups.Values;

    public Holdup? Find(string itemId) => _items.GetValueOrDefault(itemId);

    public bool TryFindGroup(string cause, [NotNullWhen(true)] out CauseGroup? group) => _groups.TryGetValue(cause, out group);

    /// <summary>Sets what holds an item up now; null: nothing does.</summary>
    public void Set(string itemId, Holdup? holdup)
    {
        if (_items.Remove(itemId, out var before))
        {
            var group = _groups[before.Cause.Key];
            group.Remove(before);
            if (group.IsEmpty) _groups.Remove(before.Cause.Key);
        }
        if (holdup is null) return;
        _items.Add(itemId, holdup);
        if (!_groups.TryGetValue(holdup.Cause.Key, out var joined)) _groups[holdup.Cause.Key] = joined = new CauseGroup(holdup.Cause);
        joined.Add(holdup);
    }

    public void Clear()
    {
        _items.Clear();
        _groups.Clear();
    }
}
