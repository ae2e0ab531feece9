using System.Diagnostics;

namespace ClosedLoop.Diagnostics;

/// <summary>The last trace of each of the items that completed last. Safe from several threads.</summary>
internal sealed class TraceMemory(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ActivityContext> _last = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public ActivityContext? Find(string item)
    {
        lock (_lock) return _last.TryGetValue(item, out var known) ? known : null;
    }

    public void Keep(string item, ActivityContext trace)
    {
        lock (_lock)
        {
            if (!_last.ContainsKey(item)) _order.Enqueue(item);
            _last[item] = trace;
            if (_order.Count > most) _last.Remove(_order.Dequeue());
        }
    }
}
