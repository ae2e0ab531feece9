namespace ClosedLoop.Alerting.Causes;

/// <summary>The items that one cause holds up, the oldest first. Not safe for use by several threads.</summary>
internal sealed class CauseGroup(Cause cause)
{
    private const int Named = 10;

    private readonly SortedSet<(DateTimeOffset Since, string ItemId)> _oldest = new(Order);
    private readonly Dictionary<string, Holdup> _holdups = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset Since, string ItemId)> _red = new(Order);
    private readonly SortedDictionary<string, int> _priorities = new(StringComparer.Ordinal);
    private int _overdue;

    public Cause Cause => cause;

    public bool IsEmpty => _holdups.Count == 0;

    /// <summary>Since when the line is red; null when it is not.</summary>
    public DateTimeOffset? RedSince => _red.Count == 0 ? null : _red.Min.Since;

    /// <summary>The items that show that the line is red.</summary>
    public IEnumerable<string> RedItems => _red.Select(static r => r.ItemId);

    public void Add(Holdup holdup)
    {
        _holdups.Add(holdup.ItemId, holdup);
        _oldest.Add((holdup.Since, holdup.ItemId));
        if (holdup.RedSince is { } red) _red.Add((red, holdup.ItemId));
        if (holdup.IsOverdue) _overdue++;
        if (holdup.Priority is { } priority) _priorities[priority] = _priorities.GetValueOrDefault(priority) + 1;
    }

    public void Remove(Holdup holdup)
    {
        if (!_holdups.Remove(holdup.ItemId)) return;
        _oldest.Remove((holdup.Since, holdup.ItemId));
        if (holdup.RedSince is { } red) _red.Remove((red, holdup.ItemId));
        if (holdup.IsOverdue) _overdue--;
        if (holdup.Priority is { } priority && --_priorities[priority] == 0) _priorities.Remove(priority);
    }

    /// <summary>When this becomes an incident if nothing changes; null when its items' own limits decide.</summary>
    public DateTimeOffset? FiresAt(TimeSpan? redLineAfter) => _overdue > 0 ? DateTimeOffset.MinValue : RedSince + redLineAfter;

    public CauseView See(DateTimeOffset now)
    {
        var oldest = _holdups[_oldest.Min.ItemId];
        bool red = _red.Count > 0;
        var since = RedSince is { } redSince ? redSince : oldest.Since;
        return new CauseView
        {
            Cause = cause,
            Since = since,
            Title = CauseText.Title(cause, red),
            Summary = CauseText.Summary(cause, red, _holdups.Count, oldest, since, now),
            NextAction = CauseText.NextAction(cause, red),
            Count = _holdups.Count,
            Oldest = oldest,
            Items = [.. _oldest.Take(Named).Select(static o => o.ItemId)],
            Priority = _priorities.Count == 0 ? null : _priorities.First().Key,
            Evidence = (red ? _holdups[_red.Min.ItemId] : oldest).Evidence ?? oldest.Evidence,
        };
    }

    private static readonly Comparer<(DateTimeOffset Since, string ItemId)> Order = Comparer<(DateTimeOffset Since, string ItemId)>.Create(static (a, b) =>
    {
        int order = a.Since.CompareTo(b.Since);
        return order != 0 ? order : string.CompareOrdinal(a.ItemId, b.ItemId);
    });
}
