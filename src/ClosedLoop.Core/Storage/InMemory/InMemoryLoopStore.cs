using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>
/// A store in memory, for tests, demos and simulation: everything is gone with the process. It is also the reference for the
/// semantics of <see cref="ILoopStore"/>: other stores give the same answers. Safe from several threads, behind one lock.
/// </summary>
public sealed class InMemoryLoopStore : ILoopStore
{
    private readonly Lock _gate = new();
    private readonly RegisterTable _registers = new();
    private readonly ItemTable _items = new();
    private readonly DueTable _due = new();
    private readonly OutboxTable _outbox = new();
    private readonly PipelineTable _pipelines = new();
    private readonly IndexTable _index = new();
    private readonly DocumentTable _documents = new();
    private readonly List<Transition> _transitions = [];
    private readonly Dictionary<string, List<Transition>> _transitionsOf = new(StringComparer.Ordinal);
    private readonly AgedSet<DeliveryId> _deliveries = new();
    private readonly AgedSet<string> _log = new(StringComparer.Ordinal);
    private readonly List<QuarantineEntry> _quarantine = [];
    private readonly HashSet<string> _quarantineIds = new(StringComparer.Ordinal);
    private long _logged;
    private long _version;
    private long _lastToken;

    /// <inheritdoc/>
    public ValueTask InitializeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        lock (_gate) return new(_pipelines.Register(pipelines, now));
    }

    /// <inheritdoc/>
    public ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        lock (_gate) _pipelines.Confirm(pipelines);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            var keys = _registers.Neighbourhood(request.Subjects, request.Targets);
            var facts = new List<Fact>();
            var items = new List<ItemRecord>();
            foreach (var key in keys)
            {
                facts.AddRange(_registers.FactsOf(key));
                if (key.Is(KeySchemes.Item) && _items.Find(key.Value) is { } item) items.Add(item with { NextProbeAt = _due.NextProbe(key) });
            }
            return new(new Neighbourhood
            {
                Facts = facts,
                Items = items,
                KnownDeliveries = request.Deliveries.Where(_deliveries.Contains).ToHashSet(),
                Index = request.Index.Select(_index.Scan).ToList(),
                Token = _version,
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        lock (_gate) return new(subjects.Distinct().SelectMany(_registers.FactsOf).ToList());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_registers.ReadAfter(after, limit));
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (commit.IsEmpty) return new(new CommitResult(CommitOutcome.Committed, commit.Token));
        // Whatever can be wrong with the content is found before anything is stored.
        foreach (var change in commit.Due)
            if (!Enum.IsDefined(change.Mode))
                throw new ArgumentException($"The due row {change.Kind} of {change.Subject} has mode {(int)change.Mode}, which is no DueMode.", nameof(commit));
        DocumentChange.Validate(commit.Documents);
        lock (_gate)
        {
            if (commit.Token is not null && (commit.Token is not long loaded || loaded != _version)) return new(new CommitResult(CommitOutcome.Conflict));
            if (!_documents.Admits(commit.Documents)) return new(new CommitResult(CommitOutcome.Conflict));
            foreach (var logged in commit.Log) _log.Add(logged.Digest ?? $"{++_logged}", commit.At);
            foreach (var register in commit.Registers) _registers.Replace(register);
            foreach (var item in commit.Items) _items.Put(item.AsStored() with { NextProbeAt = null });
            foreach (var change in commit.Index) _index.Apply(change);
            foreach (var transition in commit.Transitions) Append(transition);
            foreach (var change in commit.Due) _due.Apply(change);
            foreach (var message in commit.Outbox) _outbox.Add(message, commit.At);
            foreach (var change in commit.Documents) _documents.Apply(change);
            foreach (var delivery in commit.Deliveries) _deliveries.Add(delivery, commit.At);
            foreach (var entry in commit.Quarantine) KeepAside(entry);
            foreach (string id in commit.RemovedItems)
            {
                if (_items.SubjectOf(id) is { } subject) _due.RemoveAll(subject);
                _items.Remove(id);
            }
            // Only what a load returns: timers and messages come and go without making a fold stale.
            if (commit.Registers.Count + commit.Items.Count + commit.Index.Count + commit.RemovedItems.Count + commit.Deliveries.Count > 0) _version++;
            return new(new CommitResult(CommitOutcome.Committed, _version));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        lock (_gate) return new(ranges.Select(_index.Scan).ToList());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate) return new(_due.Claim(request, () => ++_lastToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        lock (_gate) return new(subjects.Distinct().SelectMany(_due.Of).ToList());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate) return new(_outbox.Claim(request, () => ++_lastToken));
    }

    /// <inheritdoc/>
    public ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(completions);
        lock (_gate)
            foreach (var completion in completions)
                if (_outbox.Complete(completion) is { } givenUp)
                    KeepAside(givenUp);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        lock (_gate)
            return new(renewal.Due.Where(c => _due.Renew(c, renewal.Until)).Select(static c => c.Token)
                .Concat(renewal.Outbox.Where(c => _outbox.Renew(c, renewal.Until)).Select(static c => c.Token)).ToHashSet());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_gate) return new(ids.Distinct(StringComparer.Ordinal).Select(Read).OfType<ItemRecord>().ToList());
    }

    /// <inheritdoc/>
    public ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate) return new(_items.Query(query, Complete));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_items.Count(now));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate) return new(_items.CountOpen(query, now));
    }

    /// <inheritdoc/>
    public ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return new(_items.Facets());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        int limit = Math.Clamp(query.Limit, 1, 1000);
        lock (_gate)
        {
            // Sequence numbers have no gaps, so the log's own index finds the place.
            var log = query.ItemId is null ? _transitions : _transitionsOf.GetValueOrDefault(query.ItemId, []);
            int from = query.ItemId is null ? (int)Math.Clamp(query.After, 0, log.Count) : log.FindIndex(t => t.Sequence > query.After) is var first && first >= 0 ? first : log.Count;
            int to = query.Before is not { } before ? log.Count : query.ItemId is null ? (int)Math.Clamp(before - 1, 0, log.Count) : log.FindIndex(t => t.Sequence >= before) is var end && end >= 0 ? end : log.Count;
            int count = Math.Min(limit, Math.Max(0, to - from));
            IEnumerable<Transition> source = query.NewestFirst ? log.GetRange(to - count, count).AsEnumerable().Reverse() : log.GetRange(from, count);
            return new(source.ToList());
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate) return new(Enumerable.Reverse(_quarantine).Take(Math.Clamp(limit, 1, 1000)).ToList());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate) return new(_documents.Read(query));
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var due = _due.NextWake();
            var outbox = _outbox.NextWake();
            return new(due is null || outbox < due ? outbox : due);
        }
    }

    private ItemRecord? Read(string id) => _items.Find(id) is { } item ? Complete(item) : null;

    /// <inheritdoc/>
    public ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        int limit = Math.Max(1, request.Limit);
        lock (_gate)
        {
            int removed = _deliveries.Forget(request.DeliveriesBefore, limit) + _log.Forget(request.FactLogBefore, limit);
            foreach (var entry in _quarantine.Where(e => e.ReceivedAt < request.QuarantineBefore).Take(limit).ToList())
            {
                _quarantine.Remove(entry);
                _quarantineIds.Remove(entry.Id);
                removed++;
            }
            return new(removed);
        }
    }

    private ItemRecord Complete(ItemRecord item) => item with { NextProbeAt = _items.SubjectOf(item.State.Id) is { } subject ? _due.NextProbe(subject) : null };

    private void Append(Transition transition)
    {
        var numbered = transition with { Sequence = _transitions.Count + 1 };
        _transitions.Add(numbered);
        if (!_transitionsOf.TryGetValue(numbered.ItemId, out var own)) _transitionsOf[numbered.ItemId] = own = [];
        own.Add(numbered);
    }

    private void KeepAside(QuarantineEntry entry)
    {
        // The caller may reuse its buffer.
        if (_quarantineIds.Add(entry.Id)) _quarantine.Add(entry with { Body = entry.Body.ToArray() });
    }
}
