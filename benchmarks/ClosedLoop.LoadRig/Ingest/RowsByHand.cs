using ClosedLoop.LoadRig.Postgres;
using ClosedLoop.LoadRig.Sqlite;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Postgres;
using ClosedLoop.Storage.Sqlite;
using Npgsql;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>The rows that a run of ours left, in as many transactions, written by a twin that knew them beforehand: the most that a record of these rows can reach.</summary>
internal static class RowsByHand
{
    /// <param name="folder">For the twin's file.</param>
    /// <param name="commits">What our run committed, from an empty record on.</param>
    /// <param name="copies">How often each delivery came: of a repetition the twin writes its id again.</param>
    /// <returns>The seconds.</returns>
    public static async Task<double> OnFileAsync(TempFolder folder, IReadOnlyList<StoreCommit> commits, int copies)
    {
        string path = folder.File("twin.db");
        using (var schema = new SqliteLoopStore(new SqliteOptions { Path = path })) await schema.InitializeAsync(default);
        var board = new BoardRows();
        var written = commits.Select(c => (IReadOnlyList<TwinRow>)[.. Enumerable.Range(1, copies - 1).SelectMany(_ => c.Deliveries.Select(d => StoreRows.Delivery(d, c.At))), .. StoreRows.Of(c), .. board.Of(c)]).ToList();
        using var twin = new RowTwin(path);
        return twin.Write(written);
    }

    /// <inheritdoc cref="OnFileAsync"/>
    /// <returns>The seconds, and the server's processor time.</returns>
    public static async Task<(double Seconds, double ServerSeconds)> OnServerAsync(StartedServer server, IReadOnlyList<StoreCommit> commits, int copies)
    {
        string database = await server.Server.CreateDatabaseAsync();
        using (var schema = new PostgresLoopStore(new PostgresOptions { ConnectionString = database })) await schema.InitializeAsync(default);
        double seconds, before = server.ProcessorSeconds();
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxAutoPrepare = 40, AutoPrepareMinUsages = 1 })) seconds = await new PostgresTwin(source).WriteAsync(commits, copies);
        double used = server.ProcessorSeconds() - before;
        await server.Server.DropDatabaseAsync(database);
        return (seconds, used);
    }
}
