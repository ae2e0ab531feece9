using System.Collections.Concurrent;
using ClosedLoop.Facts;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// A durable store in one SQLite file: the embedded default. One writer (WAL, <c>synchronous=FULL</c>, <c>BEGIN IMMEDIATE</c>) and
/// several readers beside it. What a call has acknowledged survives a crash of the process and a loss of power.
/// </summary>
/// <remarks>
/// Safe from several threads. SQLite has no asynchronous I/O: calls wait for their turn without holding a thread, but run on the
/// caller's thread and have completed when they return. A file belongs to one store at a time: a second one is told so; not over a network share.
/// </remarks>
public sealed class SqliteLoopStore : ILoopStore, IStagedStore, IDisposable
{
    private readonly SqliteConnectionStringBuilder _connection;
    private readonly TimeSpan _busyTimeout;
    private readonly bool _readOnly;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _reading;
    private readonly ConcurrentBag<Session> _readers = [];
    private readonly Checkpoints _checkpoints;
    private WriterLock? _lock;
    private Session? _writer;
    private volatile bool _initialized;
    private volatile bool _disposed;

    static SqliteLoopStore() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Creates the store; nothing is opened before <see cref="InitializeAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it and the fix.</exception>
    public SqliteLoopStore(SqliteOptions options)
        : this(options, Checkpoints.EveryPages)
    {
    }

    /// <param name="options">Which file, and how.</param>
    /// <param name="copyEveryPages">Pages written to the log after which it is copied into the file.</param>
    internal SqliteLoopStore(SqliteOptions options, int copyEveryPages)
    {
        ArgumentNullException.ThrowIfNull(options);
        _connection = options.Validate();
        _busyTimeout = options.BusyTimeout;
        _readOnly = options.ReadOnly;
        _checkpoints = new Checkpoints(() => Session.Open(_connection, _busyTimeout, writes: true), copyEveryPages);
        _reading = new SemaphoreSlim(options.Readers);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The file holds another application's tables, or the application brings a build of SQLite older than 3.51.3, which may lose commits.</exception>
    /// <exception cref="StoreUnavailableException">Another process has the file open; the message says which. It may be gone soon, as in a restart.</exception>
    public async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_readOnly)
            {
                using var session = Session.Open(_connection, _busyTimeout, writes: false);
                SqliteSchema.Check(session);
                _initialized = true;
                return;
            }
            SqliteLibrary.Require(SQLitePCL.raw.sqlite3_libversion_number());
            _lock ??= WriterLock.Take(_connection, _busyTimeout);
            _writer ??= Session.Open(_connection, _busyTimeout, writes: true);
            _writer.InTransaction(SqliteStatements.BeginWrite, static session =>
            {
                SqliteSchema.Migrate(session);
                WriterLock.Sign(session);
                return true;
            });
            _initialized = true;
        }
        catch (SqliteException e) when (SqliteFailure.MayPass(e))
        {
            throw SqliteFailure.Explain(e, _connection.DataSource);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        return _readOnly
            ? ReadAsync(session => SqliteReads.Compare(session, pipelines), cancellationToken)
            : WriteAsync(session => SqliteReads.Register(session, pipelines, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        await WriteAsync(
            session =>
            {
                foreach (var pipeline in pipelines) session.Execute(SqliteStatements.ConfirmPipeline, pipeline.Name, pipeline.Signature);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        EnsureInitialized();
        // What a batch reads was mostly written a moment ago. It is in the writer's cache; a reader's is void after each commit.
        return request.ForCommit && _writer is { } writer && _writing.Wait(0, CancellationToken.None)
            ? HoldingTurnAsync(() => new ValueTask<Neighbourhood>(Load(writer)))
            : ReadAsync(Load, cancellationToken);

        Neighbourhood Load(Session session) => session.InTransaction(SqliteStatements.BeginRead, s => SqliteReads.Load(s, request));
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (commit.IsEmpty) return new(new CommitResult(CommitOutcome.Committed, commit.Token));
        DocumentChange.Validate(commit.Documents);
        return WriteAsync(session => SqliteCommit.Apply(session, commit), cancellationToken);
    }

    int IStagedStore.WorthStagesFrom => 16;

    ValueTask<CommitResult> IStagedStore.CommitInStagesAsync(StoreCommit facts, Task<StoreCommit> whole) =>
        InTurnAsync(session => session.InTransactionAsync(SqliteStatements.BeginWrite, s => SqliteCommit.ApplyAsync(s, facts, whole)), CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return ranges.Count == 0 ? [] : await ReadAsync(session => session.InTransaction(SqliteStatements.BeginRead, s => SqliteReads.Scan(s, ranges)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(session => SqliteReads.Facts(session, after, limit), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!await ReadAsync(session => SqliteClaims.AnyDue(session, request), cancellationToken).ConfigureAwait(false)) return [];
        return await WriteAsync(session => SqliteClaims.Due(session, request), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!await ReadAsync(session => SqliteClaims.AnyOutbox(session, request), cancellationToken).ConfigureAwait(false)) return [];
        return await WriteAsync(session => SqliteClaims.Outbox(session, request), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(completions);
        if (completions.Count == 0) return;
        await WriteAsync(
            session =>
            {
                foreach (var completion in completions) SqliteClaims.Complete(session, completion);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        return await ReadAsync(session => SqliteReads.Due(session, subjects), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        return await WriteAsync(session => SqliteClaims.Renew(session, renewal), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return await ReadAsync(session => SqliteReads.Find(session, ids), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        return subjects.Count == 0 ? [] : await ReadAsync(session => SqliteReads.Subjects(session, subjects), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(session => SqliteReads.List(session, query), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await ReadAsync(session => session.InTransaction(SqliteStatements.BeginRead, s => SqliteBoard.All(s, now)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await ReadAsync(session => session.InTransaction(SqliteStatements.BeginRead, s => SqliteBoard.OpenOnly(s, query, now)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => session.InTransaction(SqliteStatements.BeginRead, SqliteBoard.Facets), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await ReadAsync(session => SqliteReads.Transitions(session, query), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) =>
        await ReadAsync(session => SqliteReads.Quarantine(session, limit), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentException.ThrowIfNullOrEmpty(query.Prefix, nameof(query));
        return await ReadAsync(session => SqliteDocuments.Read(session, query), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => session.NumberOrNull(SqliteStatements.NextWake) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if ((request.DeliveriesBefore ?? request.FactLogBefore ?? request.QuarantineBefore) is null) return 0;
        return await WriteAsync(
            session =>
            {
                long limit = Math.Max(1, request.Limit);
                int removed = 0;
                if (request.DeliveriesBefore is { } deliveries) removed += session.Execute(SqliteStatements.PurgeDeliveries, SqliteValues.Ticks(deliveries), limit, SqlValue.Blob(OrderedKey.Least(deliveries)));
                if (request.FactLogBefore is { } log) removed += session.Execute(SqliteStatements.PurgeLog, SqliteValues.Ticks(log), limit);
                if (request.QuarantineBefore is { } quarantine) removed += session.Execute(SqliteStatements.PurgeQuarantine, SqliteValues.Ticks(quarantine), limit);
                return removed;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the file, after the writes that run have ended.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _writing.Wait();
        _disposed = true;
        // Last: the last connection to close folds the WAL into the file.
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _checkpoints.Dispose();
        _writer?.Dispose();
        _writer = null;
        _lock?.Dispose();
        _writing.Release();
    }

    private ValueTask<T> WriteAsync<T>(Func<Session, T> work, CancellationToken cancellationToken) =>
        InTurnAsync(session => new ValueTask<T>(session.InTransaction(SqliteStatements.BeginWrite, work)), cancellationToken);

    private async ValueTask<T> InTurnAsync<T>(Func<Session, ValueTask<T>> transaction, CancellationToken cancellationToken)
    {
        EnsureInitialized();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await HoldingTurnAsync(async () =>
        {
            if (_writer is null) throw new InvalidOperationException($"The record {_connection.DataSource} was opened for reading only; open it without SqliteOptions.ReadOnly to write.");
            var result = await transaction(_writer).ConfigureAwait(false);
            _checkpoints.Committed(_writer);
            return result;
        }).ConfigureAwait(false);
    }

    // The caller has taken the turn; it ends here.
    private async ValueTask<T> HoldingTurnAsync<T>(Func<ValueTask<T>> work)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await work().ConfigureAwait(false);
        }
        catch (SqliteException e) when (SqliteFailure.MayPass(e))
        {
            throw SqliteFailure.Explain(e, _connection.DataSource);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask<T> ReadAsync<T>(Func<Session, T> work, CancellationToken cancellationToken)
    {
        EnsureInitialized();
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        Session? session = null;
        try
        {
            if (!_readers.TryTake(out session)) session = Session.Open(_connection, _busyTimeout, writes: false);
            var result = work(session);
            // One that failed is not kept: the next read starts with a fresh connection.
            if (!_disposed)
            {
                _readers.Add(session);
                session = null;
            }
            return result;
        }
        catch (SqliteException e) when (SqliteFailure.MayPass(e))
        {
            throw SqliteFailure.Explain(e, _connection.DataSource);
        }
        finally
        {
            session?.Dispose();
            _reading.Release();
        }
    }

    private void EnsureInitialized()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_initialized) throw new InvalidOperationException("The store is not initialized; call InitializeAsync once before anything else.");
    }
}
