using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Sqlite;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.History;

/// <summary>
/// Every row that the intake leaves of one merge, and from them those of any other merge: the same rows with the names and times that its own
/// deliveries have. The intake itself takes one merge in 3 to 4 ms; so a million are there in minutes.
/// </summary>
internal sealed class MergeRows
{
    // Its digits occur nowhere else.
    private const int Original = 7_654_321;
    private const int PerWeek = 10_000_000;

    private static readonly (string Table, string Columns)[] Tables =
    [
        ("fact", "subject, kind, writer, json"),
        ("link", "parent, child"),
        ("line_index", "key, value"),
        ("fact_log", "at, source, json"),
        ("item", "id, pipeline, title, repository, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline, version, updated_at, json, agent, priority"),
        ("open_item", "id, place, pipeline, current_gate, waiting_on, repository, agent, priority, waiting_since, next_deadline"),
        ("open_text", "id, text"),
        ("transition", "item_id, json"),
        ("due", "subject, kind, due_at, attempts, token"),
    ];

    private readonly int _gates;
    private readonly List<(string Sql, Func<Copy, TwinValue>[] Values)> _rows = [];

    private MergeRows(int gates) => _gates = gates;

    public static DateTimeOffset OriginalOpened { get; } = MergeSignals.OpenedAt(Original, PerWeek);

    /// <summary>How many due rows a merge has.</summary>
    public int Due => _rows.Count(static r => r.Sql.StartsWith("INSERT INTO due", StringComparison.Ordinal));

    /// <summary>Sends one merge's first deliveries through the intake and looks at what is in the file then.</summary>
    public static async Task<MergeRows> LearnAsync(int gates)
    {
        using var folder = new TempFolder();
        string path = folder.File("one.db");
        using (var store = new SqliteLoopStore(new SqliteOptions { Path = path }))
        {
            await using var services = new ServiceCollection().AddClosedLoop(loop => loop.UseStore(_ => store).AddAdapter(static _ => SilentSource.Registration())).BuildServiceProvider();
            await services.GetRequiredService<ILoopQueries>().CountAsync();
            var intake = services.GetRequiredService<IIntake>();
            await Task.WhenAll(MergeSignals.Of(Original, PerWeek).Take(gates).Select(s => intake.SubmitAsync(s).AsTask()));
        }
        var rows = new MergeRows(gates);
        using var file = new SqliteConnection($"Data Source={path};Pooling=False");
        file.Open();
        foreach (var (table, columns) in Tables) rows.Learn(file, table, columns);
        return rows;
    }

    /// <summary>The rows of one merge.</summary>
    public IEnumerable<TwinRow> Of(Copy copy)
    {
        foreach (var (sql, values) in _rows) yield return new TwinRow(sql, [.. values.Select(v => v(copy))]);
        for (int gate = 1; gate <= _gates; gate++) yield return StoreRows.Delivery(MergeSignals.DeliveryName(copy.Number, gate, copy.Opened), copy.Opened);
    }

    private void Learn(SqliteConnection file, string table, string columns)
    {
#pragma warning disable CA2100 // Constants of this file.
        using var command = new SqliteCommand($"SELECT {columns} FROM {table} ORDER BY 1", file);
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        string sql = $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", Enumerable.Range(1, reader.FieldCount).Select(static i => $"?{i}"))})";
        while (reader.Read())
        {
            bool isOwn = false;
            var values = new Func<Copy, TwinValue>[reader.FieldCount];
            for (int i = 0; i < values.Length; i++) values[i] = ValueOf(reader.GetValue(i), ref isOwn);
            if (isOwn) _rows.Add((sql, values));
        }
    }

    private static Func<Copy, TwinValue> ValueOf(object value, ref bool isOwn)
    {
        switch (value)
        {
            case string text:
                var copied = CopiedText.Of(text, Original, OriginalOpened);
                isOwn |= copied.HasName;
                return copy => copied.For(copy);
            case long number:
                var instant = new DateTimeOffset(Math.Clamp(number, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
                if (CopiedText.IsOwn(instant, OriginalOpened)) return copy => (instant + copy.Later).UtcTicks;
                // Instants of the machine's clock: each merge has one of its own, in its order.
                return instant.Year > 2000 ? copy => number + copy.Number : _ => number;
            default:
                return static _ => (string?)null;
        }
    }
}
