using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The due rows. Guarded by the store's lock. What is due is found in time of its number, not of all that waits.</summary>
internal sealed class DueTable
{
    // A subject has a handful of rows: one for each source and one for its limits.
    private readonly Dictionary<Key, List<DueEntry>> _rows = [];
    private readonly Dictionary<string, DueQueue> _queues = new(StringComparer.Ordinal);

    public void Apply(DueChange change)
    {
        var row = Find(change.Subject, change.Kind);
        if (change.Token != 0 && row?.Token != change.Token) return;
        if (change.DueAt is not { } dueAt)
        {
            if (row is not null) Remove(row);
            return;
        }
        if (row is null)
        {
            row = new DueEntry(change.Subject, change.Kind) { DueAt = dueAt, Payload = change.Payload };
            QueueOf(change.Kind).Add(row);
            if (!_rows.TryGetValue(change.Subject, out var rows)) _rows[change.Subject] = rows = [];
            rows.Add(row);
            return;
        }
        if (change.Mode == DueMode.AddOnly) return;
        var queue = QueueOf(change.Kind);
        queue.Remove(row);
        if (change.Mode == DueMode.BringForward)
        {
            if (row.LeaseUntil is not null) row.AgainAt = dueAt < row.AgainAt ? dueAt : row.AgainAt ?? dueAt;
            else if (dueAt < row.DueAt) row.DueAt = dueAt;
        }
        else
        {
            row.DueAt = change.Mode == DueMode.Set && row.AgainAt < dueAt ? row.AgainAt.Value : dueAt;
            row.AgainAt = null;
            // Token 0: the holder of the claim that ends here must not undo what was just set.
            row.Token = 0;
            row.LeaseUntil = null;
            if (change.Mode == DueMode.Set) row.Attempts = 0;
        }
        row.Payload = change.Payload ?? row.Payload;
        queue.Add(row);
    }

    public void RemoveAll(Key subject)
    {
        if (!_rows.TryGetValue(subject, out var rows)) return;
        foreach (var row in rows.ToArray()) Remove(row);
    }

    public List<DueClaim> Claim(ClaimRequest request, Func<long> nextToken)
    {
        int limit = Math.Clamp(request.Limit, 1, 1000);
        IEnumerable<DueQueue> queues = request.Kind is null ? _queues.Values : _queues.TryGetValue(request.Kind, out var only) ? [only] : [];
        var free = queues.SelectMany(q => q.Free(request.Now, limit))
            .OrderBy(static r => r.DueAt).ThenBy(static r => r.Subject).ThenBy(static r => r.Kind, StringComparer.Ordinal)
            .Take(limit)
            .ToList();
        var claims = new List<DueClaim>(free.Count);
        foreach (var row in free)
        {
            var queue = _queues[row.Kind];
            queue.Remove(row);
            row.Attempts++;
            row.Token = nextToken();
            row.LeaseUntil = request.Now + request.Lease;
            queue.Add(row);
            claims.Add(new DueClaim(row.Subject, row.Kind, row.DueAt, row.Attempts, row.Token, row.Payload));
        }
        return claims;
    }

    /// <returns>Whether the claim holds.</returns>
    public bool Renew(DueClaim claim, DateTimeOffset until)
    {
        if (Find(claim.Subject, claim.Kind) is not { LeaseUntil: not null } row || row.Token != claim.Token) return false;
        var queue = _queues[row.Kind];
        queue.Remove(row);
        row.LeaseUntil = until;
        queue.Add(row);
        return true;
    }

    public IEnumerable<DueRow> Of(Key subject) => _rows.TryGetValue(subject, out var rows) ? rows.Select(static r => new DueRow(r.Subject, r.Kind, r.DueAt)) : [];

    public DateTimeOffset? NextProbe(Key subject)
    {
        if (!_rows.TryGetValue(subject, out var rows)) return null;
        DateTimeOffset? next = null;
        foreach (var row in rows)
            if (row.IsProbe && !(next <= row.DueAt))
                next = row.DueAt;
        return next;
    }

    public DateTimeOffset? NextWake()
    {
        DateTimeOffset? next = null;
        foreach (var queue in _queues.Values)
            if (queue.Next is { } at && !(next <= at))
                next = at;
        return next;
    }

    private DueQueue QueueOf(string kind) => _queues.TryGetValue(kind, out var queue) ? queue : _queues[kind] = new DueQueue();

    private DueEntry? Find(Key subject, string kind)
    {
        if (!_rows.TryGetValue(subject, out var rows)) return null;
        foreach (var row in rows)
            if (string.Equals(row.Kind, kind, StringComparison.Ordinal))
                return row;
        return null;
    }

    private void Remove(DueEntry row)
    {
        _queues[row.Kind].Remove(row);
        var rows = _rows[row.Subject];
        rows.Remove(row);
        if (rows.Count == 0) _rows.Remove(row.Subject);
    }
}
