using System.Globalization;
using ClosedLoop.Facts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>
/// A durable store in PostgreSQL, for many nodes on one record. One transaction per commit, in READ COMMITTED: what a call has acknowledged
/// is as durable as the server's commit (<c>synchronous_commit</c> on).
/// </summary>
/// <remarks>
/// Safe from several threads. Nodes that fold at the same time take turns; see docs/adr/0004. When the connection breaks during a commit,
/// the call throws <see cref="StoreUnavailableException"/> though the commit may have happened: repeated deliveries are known then.
/// </remarks>
public sealed class PostgresLoopStore : ILoopStore, IAsyncDisposable, IDisposable
{
    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly NpgsqlDataSource _source;
    private readonly string _place;
    private readonly bool _pollOnly;
    private readonly bool _readOnly;
    private readonly IStoreSignal? _signal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Turns _turns = new();
    private readonly SemaphoreSlim _initializing = new(1);
    private PostgresListener? _listener;
    private volatile bool _initialized;
    private volatile bool _disposed;

    /// <summary>Creates the store; nothing is opened before <see cref="InitializeAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it and the fix.</exception>
    public PostgresLoopStore(PostgresOptions options)
        : this(options, null, TimeProvider.System, NullLogger.Instance)
    {
    }

    internal PostgresLoopStore(PostgresOptions options, IStoreSignal? signal, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _connection = options.Validate();
        _place = string.Create(CultureInfo.InvariantCulture, $"{_connection.Host}:{_connection.Port}/{_connection.Database}");
        _pollOnly = options.PollOnly;
        _readOnly = options.ReadOnly;
        (_signal, _time, _logger) = (signal, time, logger);
        _source = new NpgsqlDataSourceBuilder(_connection.ConnectionString).Build();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The database holds another application's tables, or is not encoded in UTF8.</exception>
    public async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _initializing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await OpenAsync(
                async c =>
                {
                    if (_readOnly) await PostgresSchema.CheckAsync(c, _place, cancellationToken).ConfigureAwait(false);
                    else await PostgresSchema.MigrateAsync(c, _place, cancellationToken).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            if (_signal is not null && !_pollOnly) _listener ??= new PostgresListener(_connection, _place, _signal, _time, _logger);
            _initialized = true;
        }
        finally
        {
            _initializing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        return await WithAsync(c => _readOnly ? PostgresPipelines.CompareAsync(c, pipelines, cancellationToken) : PostgresPipelines.RegisterAsync(c, pipelines, now, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        await WithAsync(c => PostgresPipelines.ConfirmAsync(c, pipelines, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        EnsureInitialized();
        return request.ForCommit && _turns.Wanted
            ? await GuardAsync(() => LoadInTurnAsync(request, cancellationToken)).ConfigureAwait(false)
            : await OpenAsync(c => LoadOnceAsync(c, request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        EnsureInitialized();
        if (commit.Token is not (null or Mark)) return new CommitResult(CommitOutcome.Conflict);
        return await GuardAsync(() => CommitOnceAsync(commit, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return ranges.Count == 0 ? [] : await WithAsync(c => PostgresReads.ScanAsync(c, ranges, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await WithAsync(c => PostgresClaims.DueAsync(c, request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await WithAsync(c => PostgresClaims.OutboxAsync(c, request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(completions);
        if (completions.Count == 0) return;
        var pipeline = new Pipeline();
        PostgresClaims.Complete(pipeline, completions);
        await WithAsync(c => pipeline.RunAsync(c, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        return await WithAsync(c => PostgresClaims.RenewAsync(c, renewal, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Count == 0 ? [] : await WithAsync(c => PostgresReads.FindAsync(c, ids, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await WithAsync(c => PostgresReads.PageAsync(c, query, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await WithAsync(c => PostgresBoard.AllAsync(c, now, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await WithAsync(c => PostgresBoard.OpenAsync(c, query, now, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) =>
        await WithAsync(c => PostgresBoard.FacetsAsync(c, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        return subjects.Count == 0 ? [] : await WithAsync(c => PostgresReads.SubjectsAsync(c, subjects, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) =>
        await WithAsync(c => PostgresReads.FactsAsync(c, after, limit, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        return await WithAsync(c => PostgresReads.DueAsync(c, subjects, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await WithAsync(c => PostgresReads.TransitionsAsync(c, query, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) =>
        await WithAsync(c => PostgresReads.QuarantineAsync(c, limit, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentException.ThrowIfNullOrEmpty(query.Prefix, nameof(query));
        return await WithAsync(c => PostgresDocuments.ReadAsync(c, query, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) =>
        await WithAsync(c => PostgresReads.NextWakeAsync(c, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if ((request.DeliveriesBefore ?? request.FactLogBefore ?? request.QuarantineBefore) is null) return 0;
        long limit = Math.Max(1, request.Limit);
        var pipeline = new Pipeline();
        if (request.DeliveriesBefore is { } deliveries) pipeline.Add(PostgresStatements.PurgeDeliveries, Number(deliveries.UtcTicks), Number(limit));
        if (request.FactLogBefore is { } log) pipeline.Add(PostgresStatements.PurgeLog, Number(log.UtcTicks), Number(limit));
        if (request.QuarantineBefore is { } quarantine) pipeline.Add(PostgresStatements.PurgeQuarantine, Number(quarantine.UtcTicks), Number(limit));
        return await WithAsync(c => pipeline.RunAsync(c, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (_listener is { } listener) await listener.DisposeAsync().ConfigureAwait(false);
        if (_turns.Take(_turns.Held) is { } turn) await turn.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _initializing.Dispose();
    }

    private async Task<Neighbourhood> LoadOnceAsync(NpgsqlConnection connection, LoadRequest request, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline();
        if (_pollOnly) pipeline.Add(PostgresStatements.NoJit);
        int before = pipeline.Count;
        PostgresReads.Load(pipeline, request);
        var (loaded, mark) = await pipeline.RunAsync(connection, rows => PostgresReads.LoadedAsync(rows, before, request, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!request.ForCommit) return loaded;
        _turns.Saw(mark, inNewTurn: false);
        return loaded with { Token = new Mark(mark, _turns.Held) };
    }

    private async Task<Neighbourhood> LoadInTurnAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        bool kept = false;
        try
        {
            var pipeline = new Pipeline();
            pipeline.Add("BEGIN");
            // Each of these answers a row; BEGIN answers none.
            if (_pollOnly) pipeline.Add(PostgresStatements.NoJit);
            pipeline.Add(PostgresStatements.LimitTurn);
            pipeline.Add(PostgresStatements.QueueForTurn);
            pipeline.Add(PostgresStatements.HoldMark);
            int before = pipeline.Count - 1;
            PostgresReads.Load(pipeline, request);
            var (loaded, mark) = await pipeline.RunAsync(connection, rows => PostgresReads.LoadedAsync(rows, before, request, cancellationToken), cancellationToken).ConfigureAwait(false);
            _turns.Saw(mark, inNewTurn: true);
            kept = _turns.Keep(connection);
            return kept ? loaded with { Token = new Mark(mark, connection) } : loaded;
        }
        finally
        {
            // Closing rolls back, and so ends the turn.
            if (!kept) await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<CommitResult> CommitOnceAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        bool changes = PostgresCommit.ChangesRecord(commit), marks = changes || commit.Token is not null;
        var pipeline = new Pipeline();
        PostgresCommit.Add(pipeline, commit);
        var turn = _turns.Take((commit.Token as Mark)?.Turn);
        // Nothing was folded for a commit without a token: if there is a turn, its fold was given up, and a poison is kept aside. Documents are changed beside
        // a fold that goes on.
        bool beside = commit.Documents.Count > 0 && !changes && commit.Due.Count == 0;
        if (commit.Token is null && !beside && _turns.Take(_turns.Held) is { } over) await over.DisposeAsync().ConfigureAwait(false);
        if (commit.IsEmpty)
        {
            if (turn is not null) await turn.DisposeAsync().ConfigureAwait(false);
            return new CommitResult(CommitOutcome.Committed, commit.Token is Mark known ? new Mark(known.Value) : null);
        }
        if (!_pollOnly && (changes || commit.Due.Count + commit.Outbox.Count + commit.Transitions.Count > 0)) pipeline.Add(PostgresStatements.Notify);
        if (turn is not null) pipeline.Add("COMMIT");
        var connection = turn ?? await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                long mark = await pipeline.RunAsync(connection, async rows => marks && await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? rows.GetInt64(0) : -1, cancellationToken).ConfigureAwait(false);
                if (changes) _turns.Stored(mark);
                return new CommitResult(CommitOutcome.Committed, marks ? new Mark(mark) : null);
            }
            catch (PostgresException e) when (PostgresFailure.IsConflict(e))
            {
                _turns.Lost();
                return new CommitResult(CommitOutcome.Conflict);
            }
            catch (PostgresException e) when (PostgresFailure.IsDocumentConflict(e))
            {
                // Says nothing of who folds: nobody has to wait for a turn because of it.
                return new CommitResult(CommitOutcome.Conflict);
            }
        }
    }

    private Task<T> WithAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        EnsureInitialized();
        return OpenAsync(work, cancellationToken);
    }

    private Task<T> OpenAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false)) return await work(connection).ConfigureAwait(false);
    });

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFailure.MayPass(e))
        {
            throw PostgresFailure.Explain(e, _place);
        }
    }

    private void EnsureInitialized()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_initialized) throw new InvalidOperationException("The store is not initialized; call InitializeAsync once before anything else.");
    }
}
