using System.Globalization;

namespace ClosedLoop.Deadlines;

/// <summary>
/// What a limit row remembers: which limits were judged, so that one is told once whatever moves the row, and up to when the item was
/// history when it was first read. Read from and written to the row's payload.
/// </summary>
internal sealed class JudgedLimits
{
    private const int MaxRemembered = 256;
    private const string HistoryMark = "history:";

    private readonly List<string> _judged;
    private readonly DateTimeOffset? _history;

    private JudgedLimits(List<string> judged, DateTimeOffset? history)
    {
        _judged = judged;
        _history = history;
    }

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsEmpty => _judged.Count == 0 && _history is null;

    public static JudgedLimits Parse(string? payload)
    {
        var lines = (payload ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        DateTimeOffset? history = null;
        if (lines.Count > 0 && lines[0].StartsWith(HistoryMark, StringComparison.Ordinal))
        {
            if (long.TryParse(lines[0].AsSpan(HistoryMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long mark)) history = DateTimeOffset.FromUnixTimeMilliseconds(mark);
            lines.RemoveAt(0);
        }
        return new JudgedLimits([.. lines.TakeLast(MaxRemembered)], history);
    }

    /// <summary>The payload of an item that was history up to an instant.</summary>
    public static string History(DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture, $"{HistoryMark}{until.ToUnixTimeMilliseconds()}");

    public static string Id(string gate, string clock, DateTimeOffset limit) => string.Create(CultureInfo.InvariantCulture, $"{gate}:{clock}:{limit.ToUnixTimeMilliseconds()}");

    /// <summary>Whether nobody needs to be told of a limit (any more).</summary>
    public bool Contains(string id, DateTimeOffset limit) => limit <= _history || _judged.Contains(id, StringComparer.Ordinal);

    public void Add(string id) => _judged.Add(id);

    public override string ToString() => string.Join('\n', _history is { } until ? _judged.Prepend(History(until)) : _judged);
}
