using SQLitePCL;

namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>
/// Writes rows by hand: prepared statements straight on SQLite's C interface, values made beforehand, the store's own durability and
/// cache. It reads nothing and decides nothing.
/// </summary>
internal sealed class RowTwin : IDisposable
{
    private readonly sqlite3 _database;
    private readonly Dictionary<string, sqlite3_stmt> _statements = new(StringComparer.Ordinal);

    static RowTwin() => Batteries_V2.Init();

    public RowTwin(string path)
    {
        Check(raw.sqlite3_open_v2(path, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null));
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32000;");
        // As a store that has been at work: its first write would otherwise pay for opening.
        Run("BEGIN IMMEDIATE; COMMIT");
    }

    public void Run(string script) => Check(raw.sqlite3_exec(_database, script));

    /// <summary>Writes each list of rows as one transaction.</summary>
    /// <returns>The seconds.</returns>
    public double Write(IReadOnlyList<IReadOnlyList<TwinRow>> commits)
    {
        foreach (var row in commits.SelectMany(static c => c)) Prepare(row.Sql);
        sqlite3_stmt begin = Prepare("BEGIN IMMEDIATE"), commit = Prepare("COMMIT");
        long start = Clock.Start();
        foreach (var rows in commits)
        {
            Step(begin);
            foreach (var row in rows)
            {
                var statement = _statements[row.Sql];
                for (int i = 0; i < row.Values.Length; i++) Bind(statement, i + 1, row.Values[i]);
                Step(statement);
            }
            Step(commit);
        }
        return Clock.Seconds(start);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _database.Dispose();
    }

    private sqlite3_stmt Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return _statements[sql] = statement;
    }

    private static void Bind(sqlite3_stmt statement, int index, in TwinValue value)
    {
        if (value.IsNull) raw.sqlite3_bind_null(statement, index);
        else if (value.Bytes is null) raw.sqlite3_bind_int64(statement, index, value.Number);
        else if (value.IsBlob) raw.sqlite3_bind_blob(statement, index, value.Bytes);
        // An empty span has no address, and without an address SQLite binds NULL.
        else if (value.Bytes.Length == 0) raw.sqlite3_bind_text(statement, index, "");
        else raw.sqlite3_bind_text(statement, index, value.Bytes.AsSpan());
    }

    private void Step(sqlite3_stmt statement)
    {
        int code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(code);
        raw.sqlite3_reset(statement);
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new InvalidOperationException($"the twin's statement failed: {raw.sqlite3_errmsg(_database).utf8_to_string()} ({code})");
    }
}
