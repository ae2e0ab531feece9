using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>
/// Follows the transition log into the roll-up. One node at a time does it, by a due row; how far it read and what it made of it are stored in one transaction, each
/// document from the version that it was read with. So nothing is counted twice, whoever dies or is overtaken.
/// </summary>
internal sealed class RollUpPass(EngineStart start, ILoopStore store, PipelineCatalog pipelines, TimeProvider time, IOptions<InsightsOptions> options) : IClockWork
{
    private const int Page = 1_000;
    private const int MaxPages = 20;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    // While nothing happens, that it was looked for is stored this often.
    private static readonly TimeSpan SaysAgain = TimeSpan.FromMinutes(1);

    private readonly DueTurn _turn = new(start, store, Key.Create("source", "insights"), "insights");
    private readonly RollUpFold _fold = new(store, pipelines);
    private RollUpState? _state;

    public string Name => "insights";

    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await _turn.TakeAsync(now, Lease, cancellationToken).ConfigureAwait(false) is not { } claim) return false;
        var state = await CurrentAsync(cancellationToken).ConfigureAwait(false);
        // Whatever breaks off before the end leaves memory ahead of the store.
        _state = null;
        var oldest = IsoWeek.Of(now).Add(1 - RollUpState.KeptWeeks);
        long through = state.Head.Through;
        bool more = true;
        for (int pages = 0; more && pages < MaxPages; pages++)
        {
            var page = await store.ReadTransitionsAsync(new TransitionQuery { After = through, Limit = Page }, cancellationToken).ConfigureAwait(false);
            if (page.Count > 0)
            {
                await _fold.TakeAsync(state, page, through, oldest, cancellationToken).ConfigureAwait(false);
                through = page[^1].Sequence;
            }
            more = page.Count == Page;
        }
        state.Prune(oldest);
        bool isWorthWriting = state.HasChanged || through != state.Head.Through || more != state.Head.IsCatchingUp || state.Version == 0 || now - state.Head.At >= SaysAgain;
        var commit = new StoreCommit { At = now, Due = [_turn.Next(claim, now + (more ? Soon : options.Value.RollUpInterval))], Documents = isWorthWriting ? state.Changes(through, now, more) : [] };
        if (await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false) == CommitOutcome.Conflict)
            await store.CommitAsync(new StoreCommit { At = now, Due = [_turn.Next(claim, now + Soon)] }, cancellationToken).ConfigureAwait(false);
        else
            _state = state;
        return true;
    }

    // What is in memory is used only while the store holds exactly that.
    private async ValueTask<RollUpState> CurrentAsync(CancellationToken cancellationToken)
    {
        var head = await store.DocumentAsync(PartNames.Head, cancellationToken).ConfigureAwait(false);
        if (_state is { } known && known.Version == (head?.Version ?? 0)) return known;
        _fold.Clear();
        var state = new RollUpState();
        await state.LoadAsync(store, head, cancellationToken).ConfigureAwait(false);
        return state;
    }
}
