using System.Globalization;
using ClosedLoop.Lines.Git;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.LoadRig.Line;

/// <summary>Reads the same history and writes as many rows of the same size by hand: where each commit is, and which commit is there.</summary>
internal static class LineTwin
{
    public const string Description = "the same reader, two rows a commit by prepared statements, one transaction a page, WAL, synchronous=FULL";

    public static async Task<(long Commits, double Seconds)> LoadAsync(string clone, string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        Run("CREATE TABLE line_index (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
        using var put = connection.CreateCommand();
        put.CommandText = "INSERT INTO line_index (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        var (key, value) = (put.Parameters.AddWithValue("?1", ""), put.Parameters.AddWithValue("?2", ""));
        put.Prepare();
        long commits = 0, start = Clock.Start();
        await foreach (var page in GitLineHistory.ReadAsync(clone, "acme/web", "HEAD"))
        {
            Run("BEGIN IMMEDIATE");
            foreach (var node in page)
            {
                Put($"n\tacme/web\t{node.Sha}", string.Create(CultureInfo.InvariantCulture, $"1\t{commits}\t{node.CommittedAt?.UtcTicks}"));
                Put(string.Create(CultureInfo.InvariantCulture, $"s\tacme/web\t1\t{1_000_000_000_000 + commits:D13}"), node.Sha);
                commits++;
            }
            Run("COMMIT");
        }
        return (commits, Clock.Seconds(start));

        void Put(string which, string what)
        {
            (key.Value, value.Value) = (which, what);
            put.ExecuteNonQuery();
        }

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // All SQL is this file's own text.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
