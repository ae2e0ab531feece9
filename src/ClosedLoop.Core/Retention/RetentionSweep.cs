using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Retention;

/// <summary>
/// Forgets, once an hour, what is older than it is to be kept: a bounded step at a time, so that it never holds up anything else. Several
/// nodes may do so at once.
/// </summary>
internal sealed class RetentionSweep(ILoopStore store, IOptions<RetentionOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <returns>Whether there is more to forget.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (deliveries, log, quarantine) = (options.Value.Deliveries, options.Value.FactLog, options.Value.Quarantine);
        if (now < _next || (deliveries ?? log ?? quarantine) is null) return false;
        int removed = await store.PurgeAsync(new PurgeRequest { DeliveriesBefore = now - deliveries, FactLogBefore = now - log, QuarantineBefore = now - quarantine }, cancellationToken).ConfigureAwait(false);
        if (removed == 0) _next = now + Pause;
        return removed > 0;
    }
}
