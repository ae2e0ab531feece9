using Microsoft.Data.Sqlite;

namespace ClosedLoop.LoadRig.Naive;

/// <summary>
/// The small watcher that a team writes first: for each event one autocommitted UPDATE of the item's row, with a connection and a command
/// of its own. It knows no duplicates, no order, no history and no links: whoever calls it says which item is meant.
/// </summary>
internal sealed class NaiveWatcher
{
    // One constant text for each gate: column names cannot be parameters.
    private static readonly string[] Updates = [.. Columns.Select(static c => $"UPDATE items SET {c} = $at WHERE id = $id")];

    private readonly string _connection;

    public NaiveWatcher(string path, string journal, int merges)
    {
        _connection = $"Data Source={path}";
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        Run(connection, $"PRAGMA journal_mode = {journal}");
        Run(connection, $"CREATE TABLE items (id TEXT PRIMARY KEY, {string.Join(", ", Columns.Select(static c => c + " INTEGER"))})");
        Run(connection, $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {merges}) INSERT INTO items (id) SELECT 'BL-' || i FROM n");
    }

    public static string[] Columns => ["pr_opened", "reviewed", "merged", "main_ci", "image_built", "rolled_out", "healthy"];

    /// <summary>Takes every event, one after the other, as SQLite's single writer would have it anyway.</summary>
    /// <returns>The seconds.</returns>
    public double Take(IReadOnlyList<NaiveEvent> events)
    {
        long start = Clock.Start();
        foreach (var (item, gate, at) in events)
        {
            using var connection = new SqliteConnection(_connection);
            connection.Open();
#pragma warning disable CA2100 // One of the constants above.
            using var command = new SqliteCommand(Updates[gate], connection);
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$at", at);
            command.Parameters.AddWithValue("$id", item);
            ClaimFailedException.Unless(command.ExecuteNonQuery() == 1, $"the watcher does not know {item}.");
        }
        return Clock.Seconds(start);
    }

    /// <summary>How many items have all gates. Closes what the pool holds open, so that the file can go.</summary>
    public long Complete()
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
#pragma warning disable CA2100 // Constants.
        using var command = new SqliteCommand($"SELECT count(*) FROM items WHERE {string.Join(" AND ", Columns.Select(static c => c + " IS NOT NULL"))}", connection);
#pragma warning restore CA2100
        long complete = (long)command.ExecuteScalar()!;
        SqliteConnection.ClearPool(connection);
        return complete;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
#pragma warning disable CA2100 // Texts of this file and a number.
        using var command = new SqliteCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
