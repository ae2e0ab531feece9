using System.Text;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The outbox. Guarded by the store's lock.</summary>
internal sealed class OutboxTable
{
    // Keys stay for ever: one effect happens once, however late it is decided again.
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Row> _open = new(StringComparer.Ordinal);
    private long _sequence;

    public void Add(OutboxMessage message, DateTimeOffset at)
    {
        if (_keys.Add(message.IdempotencyKey)) _open[message.IdempotencyKey] = new Row { Sequence = ++_sequence, Message = message, AddedAt = at };
    }

    public List<OutboxClaim> Claim(ClaimRequest request, Func<long> nextToken)
    {
        var free = _open.Values
            .Where(r => r.Message.NotBefore <= request.Now && !(r.LeaseUntil > request.Now))
            .OrderBy(static r => r.Message.NotBefore).ThenBy(static r => r.Sequence)
            .Take(Math.Clamp(request.Limit, 1, 1000))
            .ToList();
        foreach (var row in free)
        {
            row.Attempts++;
            row.Token = nextToken();
            row.LeaseUntil = request.Now + request.Lease;
        }
        return free.ConvertAll(static r => new OutboxClaim(r.Message, r.Attempts, r.Token));
    }

    /// <returns>Whether the claim holds.</returns>
    public bool Renew(OutboxClaim claim, DateTimeOffset until)
    {
        if (!_open.TryGetValue(claim.Message.IdempotencyKey, out var row) || row.LeaseUntil is null || row.Token != claim.Token) return false;
        row.LeaseUntil = until;
        return true;
    }

    /// <returns>What to keep aside when the message was given up, else null.</returns>
    public QuarantineEntry? Complete(OutboxCompletion completion)
    {
        if (!_open.TryGetValue(completion.IdempotencyKey, out var row) || row.Token == 0 || row.Token != completion.Token) return null;
        if (completion.RetryAt is { } retryAt)
        {
            row.Message = row.Message with { NotBefore = retryAt };
            row.Token = 0;
            row.LeaseUntil = null;
            return null;
        }
        _open.Remove(completion.IdempotencyKey);
        return completion.Error is null ? null : new QuarantineEntry
        {
            Id = $"outbox:{completion.IdempotencyKey}",
            Source = row.Message.Sink,
            Kind = QuarantineKind.Exhausted,
            Detail = completion.Error,
            Body = Encoding.UTF8.GetBytes(row.Message.Body),
            ReceivedAt = row.AddedAt,
        };
    }

    public DateTimeOffset? NextWake() => _open.Values.Select(static r => (DateTimeOffset?)(r.LeaseUntil ?? r.Message.NotBefore)).Min();

    private sealed class Row
    {
        public required long Sequence { get; init; }

        public required DateTimeOffset AddedAt { get; init; }

        public required OutboxMessage Message { get; set; }

        public int Attempts { get; set; }

        public long Token { get; set; }

        public DateTimeOffset? LeaseUntil { get; set; }
    }
}
