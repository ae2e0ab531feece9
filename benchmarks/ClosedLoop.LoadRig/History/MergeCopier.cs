using ClosedLoop.LoadRig.Sqlite;

namespace ClosedLoop.LoadRig.History;

/// <summary>Writes merges into a file by the hundred thousand, as rows and not as deliveries. Nobody else may have the file open.</summary>
internal static class MergeCopier
{
    private const int Chunk = 4_000;

    /// <returns>The seconds.</returns>
    public static async Task<double> WriteAsync(string path, MergeRows rows, int first, int count, int perWeek)
    {
        long start = Clock.Start();
        using var file = new RowTwin(path);
        // If this is cut off, the file is of no use to anybody. The cache holds the inner pages of all b-trees.
        file.Run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000;");
        var chunks = Enumerable.Range(first, count).Chunk(Chunk);
        Task<List<TwinRow>>? next = null;
        foreach (int[] chunk in chunks)
        {
            var made = Task.Run(() => Make(rows, chunk, perWeek));
            if (next is not null) file.Write([await next]);
            next = made;
        }
        if (next is not null) file.Write([await next]);
        // As the counts that the intake keeps; none is an empty text.
        file.Run("""
            UPDATE board SET items = 0;
            INSERT INTO board (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items)
                SELECT pipeline, coalesce(current_gate, ''), coalesce(furthest_gate, ''), coalesce(waiting_on, ''), is_done, is_abandoned, coalesce(migration, ''), count(*)
                FROM item WHERE true GROUP BY 1, 2, 3, 4, 5, 6, 7
                ON CONFLICT (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration) DO UPDATE SET items = excluded.items;
            DELETE FROM facet;
            INSERT INTO facet (kind, name, items)
                SELECT 0, repository, count(*) FROM open_item WHERE repository IS NOT NULL GROUP BY 2
                UNION ALL SELECT 1, agent, count(*) FROM open_item WHERE agent IS NOT NULL GROUP BY 2
                UNION ALL SELECT 2, priority, count(*) FROM open_item WHERE priority IS NOT NULL GROUP BY 2;
            UPDATE meta SET value = value + 1 WHERE name = 'changes';
            PRAGMA journal_mode = WAL;
            """);
        return Clock.Seconds(start);
    }

    // Neighbours in a b-tree after each other: a page is read once for all of them.
    private static List<TwinRow> Make(MergeRows rows, int[] numbers, int perWeek) =>
        [.. numbers.SelectMany(n => rows.Of(new Copy(n, perWeek, MergeRows.OriginalOpened))).OrderBy(static r => r.Sql, StringComparer.Ordinal).ThenBy(static r => r.Values[0].Bytes, ByteOrder)];

    private static readonly Comparer<byte[]?> ByteOrder = Comparer<byte[]?>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));
}
