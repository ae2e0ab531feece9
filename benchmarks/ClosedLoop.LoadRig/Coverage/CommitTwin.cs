using System.Globalization;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.LoadRig.Coverage;

/// <summary>
/// Writes the rows of a commit by hand into a copy of the file as it was before: prepared statements, texts made beforehand, one
/// transaction, the same durability. It reads nothing and decides nothing.
/// </summary>
internal sealed class CommitTwin : IDisposable
{
    public const string Description = "the same rows by prepared statements, texts made beforehand, one transaction, WAL, synchronous=FULL";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public CommitTwin(string path)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        // As a store that has been at work: its first write would otherwise pay for opening.
        Run("BEGIN IMMEDIATE");
        Run("COMMIT");
    }

    public static IReadOnlyList<(string Sql, object?[] Values)> RowsOf(StoreCommit commit)
    {
        var rows = new List<(string Sql, object?[] Values)>();
        foreach (var fact in commit.Registers)
        {
            rows.Add(("INSERT INTO fact (subject, kind, writer, json) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject, kind, writer) DO UPDATE SET json = excluded.json", [fact.Subject.ToString(), fact.Kind, fact.Writer.ToString(), StoredJson.Write(fact)]));
            foreach (var link in fact.Links)
                rows.Add(("INSERT INTO link (child, kind, writer, parent) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", [fact.Subject.ToString(), fact.Kind, fact.Writer.ToString(), link.ToString()]));
        }
        foreach (var item in commit.Items) rows.Add(Item(item.State, item.Version, item.UpdatedAt));
        foreach (var change in commit.Index)
            rows.Add(change.Value is null
                ? ("DELETE FROM line_index WHERE key = ?1", [change.Key])
                : ("INSERT INTO line_index (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [change.Key, change.Value]));
        foreach (var transition in commit.Transitions)
            rows.Add(("INSERT INTO transition (item_id, json) VALUES (?1, ?2)", [transition.ItemId, StoredJson.Write(transition)]));
        foreach (var due in commit.Due)
            rows.Add(due.DueAt is null
                ? ("DELETE FROM due WHERE subject = ?1 AND kind = ?2", [due.Subject.ToString(), due.Kind])
                : ("INSERT INTO due (subject, kind, due_at, attempts, token) VALUES (?1, ?2, ?3, 0, 0) ON CONFLICT (subject, kind) DO UPDATE SET due_at = min(due_at, excluded.due_at)", [due.Subject.ToString(), due.Kind, due.DueAt.Value.UtcTicks]));
        foreach (var logged in commit.Log)
            rows.Add(("INSERT INTO fact_log (digest, source, at, json) VALUES (?1, ?2, ?3, ?4)", [Convert.FromHexString(logged.Digest), logged.Source, commit.At.UtcTicks, StoredJson.Write(logged.Fact)]));
        return rows;
    }

    /// <summary>Writes the rows.</summary>
    /// <returns>The seconds.</returns>
    public double Write(IReadOnlyList<(string Sql, object?[] Values)> rows)
    {
        foreach (var (sql, values) in rows) Prepare(sql, values.Length);
        long start = Clock.Start();
        Run("BEGIN IMMEDIATE");
        foreach (var (sql, values) in rows)
        {
            var command = _commands[sql];
            for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
        Run("COMMIT");
        return Clock.Seconds(start);
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private static (string Sql, object?[] Values) Item(ItemState state, long version, DateTimeOffset at) => (
        """
        UPDATE item SET pipeline = ?2, title = ?3, repository = ?4, current_gate = ?5, furthest_gate = ?6, waiting_on = ?7, is_done = ?8, is_abandoned = ?9,
            migration = ?10, next_deadline = ?11, version = ?12, updated_at = ?13, json = ?14 WHERE id = ?1
        """,
        [
            state.Id, state.Pipeline, state.Title, state.Repository, state.CurrentGate, state.FurthestGate, state.WaitingOn, state.IsDone ? 1L : 0L, state.Abandoned ? 1L : 0L,
            state.Migration, state.NextDeadline()?.UtcTicks, version, at.UtcTicks, StoredJson.Write(state),
        ]);

#pragma warning disable CA2100 // All SQL is this file's own text.
    private void Prepare(string sql, int values)
    {
        if (_commands.ContainsKey(sql)) return;
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int p = 1; p <= values; p++) command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"?{p}") });
        command.Prepare();
        _commands[sql] = command;
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100
}
