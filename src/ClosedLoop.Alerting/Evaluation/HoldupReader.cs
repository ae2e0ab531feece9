using System.Text.Json;
using ClosedLoop.Alerting.Causes;
using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Pipelines;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>
/// Follows the transition log and keeps what is held up in memory: after a start it is read from the items whose limits ran out and from those that
/// wait at a line's gate, then only from what changes. Not safe for use by several threads.
/// </summary>
internal sealed class HoldupReader(ILoopStore store, PipelineCatalog pipelines, SourceHealth health, LimitClock clock)
{
    private const int Page = 1_000;
    private const int MaxPages = 10;
    private const int ItemPage = 500;
    private const long WorthWriting = 10_000;

    private AlertState _state = new();
    private AlertState _written = new();

    public HoldupTable Table { get; } = new();

    /// <summary>The work in progress, by pipeline.</summary>
    public IReadOnlyDictionary<string, WipHours> Wip => _state.Wip;

    /// <summary>The place in the transition log up to which it was read.</summary>
    public long ReadUntil => _state.After;

    /// <summary>The gates that cannot be seen now: nothing seen at them is not nothing wrong.</summary>
    public IReadOnlySet<string> Unseen(DateTimeOffset now) =>
        pipelines.All.SelectMany(static p => p.Gates).Select(static g => g.Name).Where(gate => health.BlindFor(gate) is not null || health.IsUnread(gate, now)).ToHashSet(StringComparer.Ordinal);

    public void StateWritten() => _written = _state;

    /// <summary>Takes in which lines are red.</summary>
    /// <returns>Whether what is to outlast a restart differs enough from what is stored.</returns>
    public bool Remember()
    {
        var red = Table.Groups.SelectMany(static g => g.RedItems).Order(StringComparer.Ordinal).Take(Page);
        _state = _state with { RedItems = [.. red] };
        return _state.After - _written.After >= WorthWriting || !_state.RedItems.SequenceEqual(_written.RedItems) || _state.Wip.Any(w => _written.Wip.GetValueOrDefault(w.Key)?.Hour != w.Value.Hour);
    }

    /// <summary>The text to be stored.</summary>
    public string State() => JsonSerializer.Serialize(_state, AlertingJson.Default.AlertState);

    /// <summary>Begins from the store.</summary>
    public async ValueTask LoadAsync(StoredDocument? stored, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Table.Clear();
        _state = stored is null ? new AlertState { After = await store.EndOfLogAsync(cancellationToken).ConfigureAwait(false) } : JsonSerializer.Deserialize(stored.Body, AlertingJson.Default.AlertState) ?? new AlertState();
        _written = _state;
        await foreach (var record in ItemsAsync(new ItemQuery { OverdueAt = now.AddTicks(1), Limit = ItemPage }, cancellationToken).ConfigureAwait(false)) Consider(record, now);
        // The very first time nothing says which lines are red; later that costs what is red.
        foreach (string gate in stored is not null ? [] : pipelines.All.SelectMany(static p => p.Gates).Where(static g => g.Coverage == GateCoverage.Cumulative).Select(static g => g.Name).Distinct(StringComparer.Ordinal))
            await foreach (var record in ItemsAsync(new ItemQuery { WaitingOn = gate, Limit = ItemPage }, cancellationToken).ConfigureAwait(false))
                Consider(record, now);
        foreach (var record in await store.FindItemsAsync(_state.RedItems, cancellationToken).ConfigureAwait(false)) Consider(record, now);
    }

    /// <summary>Reads what changed since the last time.</summary>
    /// <returns>Whether there is more to read.</returns>
    public async ValueTask<bool> FollowAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (int pages = 0; pages < MaxPages; pages++)
        {
            var transitions = await store.ReadTransitionsAsync(new TransitionQuery { After = _state.After, Limit = Page }, cancellationToken).ConfigureAwait(false);
            if (transitions.Count == 0)
            {
                RollWip(now);
                return false;
            }
            var changed = transitions.Where(Matters).Select(static t => t.ItemId).ToHashSet(StringComparer.Ordinal);
            var moved = transitions.Where(static t => t.Kind is TransitionKind.Opened or TransitionKind.Completed or TransitionKind.Reopened or TransitionKind.Abandoned or TransitionKind.Resumed).ToList();
            var wanted = moved.Select(static t => t.ItemId).Concat(changed).ToHashSet(StringComparer.Ordinal);
            var records = wanted.Count == 0 ? [] : (await store.FindItemsAsync(wanted, cancellationToken).ConfigureAwait(false)).ToDictionary(static r => r.State.Id, StringComparer.Ordinal);
            foreach (string id in changed)
            {
                if (records.TryGetValue(id, out var record)) Consider(record, now);
                else Table.Set(id, null);
            }
            Count(moved, records);
            _state = _state with { After = transitions[^1].Sequence };
        }
        return true;
    }

    private bool Matters(Transition transition) => transition.Kind switch
    {
        TransitionKind.Overdue => true,
        TransitionKind.Gate when transition.To == GateStatus.Failed => true,
        _ => Table.Find(transition.ItemId) is not null,
    };

    private void Consider(ItemRecord record, DateTimeOffset now) =>
        Table.Set(record.State.Id, HoldupFinder.Find(record, pipelines.Find(record.State.Pipeline), Table.Find(record.State.Id), health, clock, now));

    private void Count(List<Transition> moved, Dictionary<string, ItemRecord> records)
    {
        var wip = _state.Wip;
        foreach (var transition in moved)
        {
            if (!records.TryGetValue(transition.ItemId, out var record) || record.State.Migration is not null) continue;
            bool arrives = transition.Kind is TransitionKind.Opened or TransitionKind.Reopened or TransitionKind.Resumed;
            string pipeline = record.State.Pipeline;
            wip = wip.SetItem(pipeline, (wip.GetValueOrDefault(pipeline) ?? WipHours.Begin(transition.RecordedAt)).Count(transition.RecordedAt, arrives ? 1 : 0, arrives ? 0 : 1));
        }
        _state = _state with { Wip = wip };
    }

    private void RollWip(DateTimeOffset now)
    {
        foreach (var (pipeline, hours) in _state.Wip)
            if (!ReferenceEquals(hours.At(now), hours))
                _state = _state with { Wip = _state.Wip.SetItem(pipeline, hours.At(now)) };
    }

    private async IAsyncEnumerable<ItemRecord> ItemsAsync(ItemQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in store.PagesAsync(query, cancellationToken).ConfigureAwait(false))
            foreach (var record in page)
                yield return record;
    }
}
