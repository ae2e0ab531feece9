using Microsoft.Data.Sqlite;

namespace ClosedLoop.LoadRig.Board;

/// <summary>Reads the same file by one prepared statement each, and counts the rows.</summary>
internal sealed class PlainReader : IDisposable
{
    public const string Board = "SELECT current_gate, is_done, count(*) FROM item GROUP BY current_gate, is_done";
    public const string Open = "SELECT json FROM item WHERE is_done = 0 ORDER BY updated_at DESC, id LIMIT 50";
    public const string Newest = "SELECT json FROM item ORDER BY updated_at DESC, id LIMIT 50";
    public const string One = "SELECT json FROM item WHERE id = 'BL-1'";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public PlainReader(string path)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadWrite");
        _connection.Open();
    }

    public int Read(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
#pragma warning disable CA2100 // One of the constants above.
            _commands[sql] = command = new SqliteCommand(sql, _connection);
#pragma warning restore CA2100
        }
        int rows = 0;
        using var reader = command.ExecuteReader();
        for (; reader.Read(); rows++) reader.GetValue(0);
        return rows;
    }

    /// <summary>The same with a statement that comes once.</summary>
    public int ReadOnce(string sql)
    {
#pragma warning disable CA2100 // Made of this program's own texts.
        using var command = new SqliteCommand(sql, _connection);
#pragma warning restore CA2100
        int rows = 0;
        using var reader = command.ExecuteReader();
        for (; reader.Read(); rows++) reader.GetValue(0);
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }
}
