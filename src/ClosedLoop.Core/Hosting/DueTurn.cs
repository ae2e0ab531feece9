using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

/// <summary>Work that comes round for ever and that one node at a time does: one due row, made when it is first asked for. Driven by one loop at a time.</summary>
internal sealed class DueTurn(EngineStart start, ILoopStore store, Key subject, string kind)
{
    private bool _isPlanned;

    /// <summary>Takes the turn when it is due and nobody holds it; null: not now.</summary>
    public async ValueTask<DueClaim?> TakeAsync(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (!_isPlanned)
        {
            await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
            await store.CommitAsync(new StoreCommit { At = now, Due = [new DueChange { Subject = subject, Kind = kind, DueAt = now, Mode = DueMode.AddOnly }] }, cancellationToken).ConfigureAwait(false);
            _isPlanned = true;
        }
        var claims = await store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = lease, Kind = kind, Limit = 1 }, cancellationToken).ConfigureAwait(false);
        return claims.Count == 0 ? null : claims[0];
    }

    /// <summary>What ends a turn that was taken, and says when the next one is.</summary>
    public DueChange Next(DueClaim claim, DateTimeOffset at) => new() { Subject = subject, Kind = kind, DueAt = at, Token = claim.Token };
}
