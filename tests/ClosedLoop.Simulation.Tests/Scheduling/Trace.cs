using System.Globalization;

namespace ClosedLoop.Simulation.Tests.Scheduling;

/// <summary>What happened: a hash over all of it, and the last lines to read when something goes wrong.</summary>
internal sealed class Trace(VirtualScheduler scheduler, int keep = 80)
{
    private readonly Queue<string> _last = new();
    private ulong _hash = 14695981039346656037;

    public long Count { get; private set; }

    public string Hash => _hash.ToString("x16", CultureInfo.InvariantCulture);

    public IReadOnlyCollection<string> Last => _last;

    /// <summary>Set to follow a run as it goes.</summary>
    public Action<string>? Follow { get; set; }

    public void Add(string who, string what)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{scheduler.Now:MM-dd HH:mm:ss.fff} {who} {what}");
        foreach (char c in line) _hash = (_hash ^ c) * 1099511628211;
        Count++;
        _last.Enqueue(line);
        if (_last.Count > keep) _last.Dequeue();
        Follow?.Invoke(line);
    }
}
