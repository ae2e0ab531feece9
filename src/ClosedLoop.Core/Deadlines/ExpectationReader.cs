using ClosedLoop.Facts;
using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Deadlines;

/// <summary>
/// Learns from the transition log what gates with an adaptive limit usually take. In memory only: after a start the end of the log is read again.
/// Driven by one loop at a time.
/// </summary>
internal sealed class ExpectationReader(ILoopStore store, Expectations expectations, LimitClock clock, IOptionsMonitor<LimitOptions> options, TimeProvider time)
{
    /// <summary>How far back the log is read at the start.</summary>
    private const long Tail = 50_000;

    private const int Page = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private long? _after;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Reads a page of what was recorded since, when it is time to.</summary>
    /// <returns>Whether there is more to read.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next) return false;
        var gates = options.CurrentValue.Adaptive.Select(static a => a.Gate).ToHashSet(StringComparer.Ordinal);
        if (gates.Count == 0) return false;
        _after ??= Math.Max(0, await store.EndOfLogAsync(cancellationToken).ConfigureAwait(false) - Tail);
        var page = await store.ReadTransitionsAsync(new TransitionQuery { After = _after.Value, Limit = Page }, cancellationToken).ConfigureAwait(false);
        if (page.Count > 0) await LearnAsync(page.Where(t => t is { Kind: TransitionKind.Gate, To: GateStatus.Passed, OccurredAt: not null } && gates.Contains(t.Gate!)).ToList(), cancellationToken).ConfigureAwait(false);
        _after = page.Count > 0 ? page[^1].Sequence : _after;
        if (page.Count == Page) return true;
        _next = now + Every;
        return false;
    }

    // The log does not say when a gate became possible, but the item does, as long as it still stands as the entry says.
    private async ValueTask LearnAsync(List<Transition> passes, CancellationToken cancellationToken)
    {
        if (passes.Count == 0) return;
        var items = (await store.FindItemsAsync([.. passes.Select(static t => t.ItemId).Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false)).ToDictionary(static r => r.State.Id, static r => r.State, StringComparer.Ordinal);
        foreach (var pass in passes)
        {
            if (!items.TryGetValue(pass.ItemId, out var item) || item.Migration is not null) continue;
            if (item.Gate(pass.Gate!) is { Status: GateStatus.Passed, Since: { } since, EligibleAt: { } eligible } && since == pass.OccurredAt && since >= eligible)
                expectations.Learn(item.Pipeline, pass.Gate!, item.Repository, since, clock.Ran(item, pass.Gate!, eligible, since));
        }
    }
}
