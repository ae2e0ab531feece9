using ClosedLoop.Facts;
using ClosedLoop.Storage;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>
/// The least that a durable record of the same facts costs: their JSON in one table with the same key and the same durability (WAL,
/// synchronous=FULL, BEGIN IMMEDIATE), one connection, one prepared statement, no queue, no links, no fold.
/// </summary>
internal static class SqliteTwin
{
    public const string Description = "one prepared INSERT of each fact's JSON, WAL, synchronous=FULL, as many commits as our last run made";

    /// <summary>Stores the facts in commits of equal size.</summary>
    /// <returns>The seconds; opening the file is left out on both sides.</returns>
    public static double Run(string path, IReadOnlyList<Fact> facts, int commits)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE fact (subject TEXT NOT NULL, kind TEXT NOT NULL, writer TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (subject, kind, writer)) WITHOUT ROWID;");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO fact (subject, kind, writer, json) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject, kind, writer) DO UPDATE SET json = excluded.json";
        for (int p = 1; p <= 4; p++) insert.Parameters.Add(new SqliteParameter { ParameterName = $"?{p}" });
        long start = Clock.Start();
        for (int commit = 0; commit < commits; commit++)
        {
            Execute(connection, "BEGIN IMMEDIATE");
            int end = (int)((long)facts.Count * (commit + 1) / commits);
            for (int i = (int)((long)facts.Count * commit / commits); i < end; i++)
            {
                var fact = facts[i];
                insert.Parameters[0].Value = fact.Subject.ToString();
                insert.Parameters[1].Value = fact.Kind;
                insert.Parameters[2].Value = fact.Writer.ToString();
                insert.Parameters[3].Value = StoredJson.Write(fact);
                insert.ExecuteNonQuery();
            }
            Execute(connection, "COMMIT");
        }
        return Clock.Seconds(start);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // All SQL is this file's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
