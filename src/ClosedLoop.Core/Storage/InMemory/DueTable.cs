using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The due rows. Guarded by the store's lock. What is due is found in time of its number, not of all that waits.</summary>
internal sealed class DueTable
{
    private readonly Dictionary<(Key Subject, string Kind), DueEntry> _rows = [];
    private readonly Dictionary<Key, HashSet<string>> _kinds = [];
    private readonly Dictionary<string, DueQueue> _queues = new(StringComparer.Ordinal);

    public void Apply(DueChange change)
    {
        var id = (change.Subject, change.Kind);
        var row = _rows.GetValueOrDefault(id);
        if (change.Token != 0 && row?.Token != change.Token) return;
        if (change.DueAt is not { } dueAt)
        {
            Remove(id);
            return;
        }
        if (row is null)
        {
            _rows[id] = row = new DueEntry(change.Subject, change.Kind) { DueAt = dueAt, Payload = change.Payload };
            QueueOf(change.Kind).Add(row);
            if (!_kinds.TryGetValue(change.Subject, out var kinds)) _kinds[change.Subject] = kinds = new HashSet<string>(StringComparer.Ordinal);
            kinds.Add(change.Kind);
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
        if (!_kinds.TryGetValue(subject, out var kinds)) return;
        foreach (string kind in kinds.ToArray()) Remove((subject, kind));
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

    public IEnumerable<DueRow> Of(Key subject) => _kinds.TryGetValue(subject, out var kinds) ? kinds.Select(kind => new DueRow(subject, kind, _rows[(subject, kind)].DueAt)) : [];

    public DateTimeOffset? NextProbe(Key subject)
    {
        if (!_kinds.TryGetValue(subject, out var kinds)) return null;
        DateTimeOffset? next = null;
        foreach (string kind in kinds)
            if (kind.StartsWith(DueKinds.Probe, StringComparison.Ordinal) && _rows[(subject, kind)].DueAt is var at && !(next <= at))
                next = at;
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

    private void Remove((Key Subject, string Kind) id)
    {
        if (!_rows.Remove(id, out var row)) return;
        _queues[id.Kind].Remove(row);
        var kinds = _kinds[id.Subject];
        kinds.Remove(id.Kind);
        if (kinds.Count == 0) _kinds.Remove(id.Subject);
    }
}
