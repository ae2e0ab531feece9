using Npgsql;

namespace ClosedLoop.LoadRig.Naive;

/// <summary>The watcher of <see cref="NaiveWatcher"/> on PostgreSQL: the same table, and for each event a connection (pooled) and a command of its own.</summary>
internal sealed class NaiveServerWatcher(string connection)
{
    // One constant text for each gate: column names cannot be parameters.
    private static readonly string[] Updates = [.. NaiveWatcher.Columns.Select(static c => $"UPDATE items SET {c} = $1 WHERE id = $2")];

    public async Task CreateAsync(int merges) =>
        await RunAsync($"CREATE TABLE items (id text PRIMARY KEY, {string.Join(", ", NaiveWatcher.Columns.Select(static c => c + " bigint"))}); INSERT INTO items (id) SELECT 'BL-' || n FROM generate_series(1, {merges}) AS n");

    /// <summary>Takes every event, one after the other.</summary>
    /// <returns>The seconds.</returns>
    public async Task<double> TakeAsync(IReadOnlyList<NaiveEvent> events)
    {
        long start = Clock.Start();
        foreach (var (item, gate, at) in events)
        {
            await using var opened = new NpgsqlConnection(connection);
            await opened.OpenAsync();
#pragma warning disable CA2100 // One of the constants above.
            await using var command = new NpgsqlCommand(Updates[gate], opened);
#pragma warning restore CA2100
            command.Parameters.Add(new NpgsqlParameter { Value = at });
            command.Parameters.Add(new NpgsqlParameter { Value = item });
            ClaimFailedException.Unless(await command.ExecuteNonQueryAsync() == 1, $"the watcher does not know {item}.");
        }
        return Clock.Seconds(start);
    }

    /// <summary>How many items have all gates.</summary>
    public async Task<long> CompleteAsync()
    {
        await using var opened = new NpgsqlConnection(connection);
        await opened.OpenAsync();
#pragma warning disable CA2100 // Constants.
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM items WHERE {string.Join(" AND ", NaiveWatcher.Columns.Select(static c => c + " IS NOT NULL"))}", opened);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task RunAsync(string sql)
    {
        await using var opened = new NpgsqlConnection(connection);
        await opened.OpenAsync();
#pragma warning disable CA2100 // Texts of this file and a number.
        await using var command = new NpgsqlCommand(sql, opened);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
