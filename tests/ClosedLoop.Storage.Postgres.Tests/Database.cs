using ClosedLoop.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>A database of its own for one test, and the stores on it; all gone afterwards.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly List<PostgresLoopStore> _stores = [];
    private readonly NpgsqlDataSource _inspect;

    private Database(PostgresServer server, string connectionString)
    {
        (_server, ConnectionString) = (server, connectionString);
        _inspect = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
    }

    public string ConnectionString { get; }

    public string Name => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    public static async Task<Database> CreateAsync(PostgresServer server, string options = "") => new(server, await server.CreateDatabaseAsync(options));

    public PostgresOptions Options(bool pollOnly = false) => new() { ConnectionString = ConnectionString, PollOnly = pollOnly };

    public async Task<PostgresLoopStore> OpenAsync(bool pollOnly = false, IStoreSignal? signal = null)
    {
        var store = new PostgresLoopStore(Options(pollOnly), signal, TimeProvider.System, NullLogger.Instance);
        lock (_stores) _stores.Add(store);
        await store.InitializeAsync(default);
        return store;
    }

    /// <summary>A connection of somebody else, to look at the database or to harm it.</summary>
    public ValueTask<NpgsqlConnection> InspectAsync() => _inspect.OpenConnectionAsync();

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await InspectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await InspectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
        await _inspect.DisposeAsync();
        await _server.DropDatabaseAsync(ConnectionString);
    }
}
