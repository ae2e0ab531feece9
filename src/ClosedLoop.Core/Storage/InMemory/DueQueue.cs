namespace ClosedLoop.Storage.InMemory;

/// <summary>The due rows of one kind in the order in which they become due; those that are claimed by the end of their lease. Guarded by the store's lock.</summary>
internal sealed class DueQueue
{
    private readonly SortedSet<DueEntry> _free = new(Comparer<DueEntry>.Create(static (x, y) => Compare(x.DueAt, x, y.DueAt, y)));
    private readonly SortedSet<DueEntry> _leased = new(Comparer<DueEntry>.Create(static (x, y) => Compare(x.LeaseUntil!.Value, x, y.LeaseUntil!.Value, y)));

    /// <summary>When the first row is due, or its lease ends; null when there is none.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            var free = _free.Min?.DueAt;
            var leased = _leased.Min?.LeaseUntil;
            return free is null || leased < free ? leased : free;
        }
    }

    public void Add(DueEntry row) => SetOf(row).Add(row);

    public void Remove(DueEntry row) => SetOf(row).Remove(row);

    /// <summary>What may be claimed at an instant, the first of each part; not in order.</summary>
    public IEnumerable<DueEntry> Free(DateTimeOffset now, int limit) =>
        _free.TakeWhile(r => r.DueAt <= now).Take(limit).Concat(_leased.TakeWhile(r => r.LeaseUntil <= now).Where(r => r.DueAt <= now));

    private SortedSet<DueEntry> SetOf(DueEntry row) => row.LeaseUntil is null ? _free : _leased;

    private static int Compare(DateTimeOffset at, DueEntry x, DateTimeOffset other, DueEntry y)
    {
        int order = at.CompareTo(other);
        return order != 0 ? order : x.Subject.CompareTo(y.Subject) is not 0 and var subject ? subject : string.CompareOrdinal(x.Kind, y.Kind);
    }
}
