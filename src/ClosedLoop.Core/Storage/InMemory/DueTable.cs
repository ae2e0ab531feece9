using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The due rows. Guarded by the store's lock.</summary>
internal sealed class DueTable
{
    private readonly Dictionary<(Key Subject, string Kind), Row> _rows = [];
    private readonly Dictionary<Key, HashSet<string>> _kinds = [];

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
            _rows[id] = new Row { DueAt = dueAt, Payload = change.Payload };
            if (!_kinds.TryGetValue(change.Subject, out var kinds)) _kinds[change.Subject] = kinds = new HashSet<string>(StringComparer.Ordinal);
            kinds.Add(change.Kind);
            return;
        }
        switch (change.Mode)
        {
            case DueMode.AddOnly:
                return;
            case DueMode.BringForward:
                if (row.LeaseUntil is not null) row.AgainAt = dueAt < row.AgainAt ? dueAt : row.AgainAt ?? dueAt;
                else if (dueAt < row.DueAt) row.DueAt = dueAt;
                break;
            default:
                row.DueAt = change.Mode == DueMode.Set && row.AgainAt < dueAt ? row.AgainAt.Value : dueAt;
                row.AgainAt = null;
                // Token 0: the holder of the claim that ends here must not undo what was just set.
                row.Token = 0;
                row.LeaseUntil = null;
                if (change.Mode == DueMode.Set) row.Attempts = 0;
                break;
        }
        row.Payload = change.Payload ?? row.Payload;
    }

    public void RemoveAll(Key subject)
    {
        if (!_kinds.TryGetValue(subject, out var kinds)) return;
        foreach (string kind in kinds.ToArray()) Remove((subject, kind));
    }

    public List<DueClaim> Claim(ClaimRequest request, Func<long> nextToken)
    {
        var free = _rows
            .Where(r => (request.Kind is null || r.Key.Kind == request.Kind) && r.Value.DueAt <= request.Now && !(r.Value.LeaseUntil > request.Now))
            .OrderBy(static r => r.Value.DueAt).ThenBy(static r => r.Key.Subject).ThenBy(static r => r.Key.Kind, StringComparer.Ordinal)
            .Take(Math.Clamp(request.Limit, 1, 1000))
            .ToList();
        var claims = new List<DueClaim>(free.Count);
        foreach (var ((subject, kind), row) in free)
        {
            row.Attempts++;
            row.Token = nextToken();
            row.LeaseUntil = request.Now + request.Lease;
            claims.Add(new DueClaim(subject, kind, row.DueAt, row.Attempts, row.Token, row.Payload));
        }
        return claims;
    }

    public IEnumerable<DueRow> Of(Key subject) => _kinds.TryGetValue(subject, out var kinds) ? kinds.Select(kind => new DueRow(subject, kind, _rows[(subject, kind)].DueAt)) : [];

    public DateTimeOffset? NextProbe(Key subject) =>
        _kinds.TryGetValue(subject, out var kinds)
            ? kinds.Where(static k => k.StartsWith(DueKinds.Probe, StringComparison.Ordinal)).Select(k => (DateTimeOffset?)_rows[(subject, k)].DueAt).Min()
            : null;

    public DateTimeOffset? NextWake() => _rows.Values.Select(static r => (DateTimeOffset?)(r.LeaseUntil ?? r.DueAt)).Min();

    private void Remove((Key Subject, string Kind) id)
    {
        if (!_rows.Remove(id)) return;
        var kinds = _kinds[id.Subject];
        kinds.Remove(id.Kind);
        if (kinds.Count == 0) _kinds.Remove(id.Subject);
    }

    private sealed class Row
    {
        public DateTimeOffset DueAt { get; set; }

        public string? Payload { get; set; }

        public int Attempts { get; set; }

        public long Token { get; set; }

        public DateTimeOffset? LeaseUntil { get; set; }

        public DateTimeOffset? AgainAt { get; set; }
    }
}
