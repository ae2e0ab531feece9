using ClosedLoop.Facts;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>The reads of the store, on the caller's connection.</summary>
internal static class PostgresReads
{
    private const int MaxPage = 500;
    private const int MaxRows = 1000;

    private static readonly bool[] Directions = [false, true];

    /// <summary>Adds the statements of a load; <see cref="LoadedAsync"/> reads their answers.</summary>
    public static void Load(Pipeline pipeline, LoadRequest request)
    {
        string[] subjects = Keys(request.Subjects), targets = Keys(request.Targets);
        if (subjects.Length + targets.Length == 0) pipeline.Add(PostgresStatements.ReadMark);
        else pipeline.Add(PostgresStatements.Load, Texts([.. subjects, .. targets]), Texts(subjects));
        if (request.Deliveries.Count > 0)
            // After the mark: a delivery that was taken in between makes the commit a conflict.
            pipeline.Add(
                PostgresStatements.KnownDeliveries,
                Texts([.. request.Deliveries.Select(static d => PostgresText.Encode(d.Source))]),
                Texts([.. request.Deliveries.Select(static d => PostgresText.Encode(d.Id))]));
        Scan(pipeline, request.Index);
    }

    /// <param name="rows">The answers.</param>
    /// <param name="before">How many other statements' answers come before.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was loaded; its token is the mark alone.</returns>
    public static async Task<(Neighbourhood Loaded, long Mark)> LoadedAsync(NpgsqlDataReader rows, int before, LoadRequest request, CancellationToken cancellationToken)
    {
        for (int i = 0; i < before; i++) await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        long mark = -1;
        var facts = new List<Fact>();
        var items = new List<ItemRecord>();
        bool all = rows.FieldCount > 1;
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!all) mark = rows.GetInt64(0);
            else if (rows.IsDBNull(0)) mark = rows.GetInt64(1);
            else if (rows.IsDBNull(1)) facts.Add(StoredJson.ReadFact(rows.GetString(0)));
            else items.Add(Item(rows));
        }
        if (mark < 0) throw new InvalidOperationException("The record has no mark: the row 'changes' of the table meta is missing. Restore a backup.");
        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var known = new HashSet<DeliveryId>();
        if (request.Deliveries.Count > 0)
        {
            var asked = request.Deliveries.ToArray();
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) known.Add(asked[rows.GetInt64(0) - 1]);
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }
        var index = await ScannedAsync(rows, request.Index, cancellationToken).ConfigureAwait(false);
        return (new Neighbourhood { Facts = facts, Items = items, KnownDeliveries = known, Index = index, Token = new Mark(mark) }, mark);
    }

    public static Task<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(NpgsqlConnection connection, IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline();
        Scan(pipeline, ranges);
        return pipeline.RunAsync(connection, rows => ScannedAsync(rows, ranges, cancellationToken), cancellationToken);
    }

    // One statement for those that go up, and one for those that go down.
    private static void Scan(Pipeline pipeline, IReadOnlyList<IndexRange> ranges)
    {
        foreach (bool descending in Directions)
        {
            IndexRange[] those = [.. ranges.Where(r => r.Descending == descending)];
            if (those.Length == 0) continue;
            pipeline.Add(
                descending ? PostgresStatements.ScanIndexDescending : PostgresStatements.ScanIndex,
                Texts(Array.ConvertAll(those, static r => r.From)),
                Texts(Array.ConvertAll(those, static r => r.To)),
                Numbers(Array.ConvertAll(those, static r => r.Limit > 0 ? r.Limit : (long?)null)));
        }
    }

    private static async Task<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScannedAsync(NpgsqlDataReader rows, IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        var answers = new List<IndexEntry>[ranges.Count];
        for (int i = 0; i < answers.Length; i++) answers[i] = [];
        foreach (bool descending in Directions)
        {
            int[] places = [.. Enumerable.Range(0, ranges.Count).Where(i => ranges[i].Descending == descending)];
            if (places.Length == 0) continue;
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) answers[places[rows.GetInt64(0) - 1]].Add(new IndexEntry(rows.GetString(1), PostgresText.Decode(rows.GetString(2))));
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }
        return answers;
    }

    public static Task<List<ItemRecord>> FindAsync(NpgsqlConnection connection, IEnumerable<string> ids, CancellationToken cancellationToken) => ListAsync(
        connection, PostgresStatements.FindItems, [Texts([.. ids.Distinct(StringComparer.Ordinal).Select(PostgresText.Encode)])], Item, cancellationToken);

    public static async Task<ItemPage> PageAsync(NpgsqlConnection connection, ItemQuery query, CancellationToken cancellationToken)
    {
        int limit = Math.Clamp(query.Limit, 1, MaxPage);
        var (sql, values) = PostgresItemList.Select(query, limit + 1, ItemCursor.Read(query));
        var pipeline = new Pipeline();
        pipeline.Add(PostgresItemList.PlanForValues);
        pipeline.Add(sql, values);
        var items = await pipeline.RunAsync(
            connection,
            async rows =>
            {
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                return await ListAsync(rows, Item, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (items.Count <= limit) return new ItemPage(items, null);
        items.RemoveAt(limit);
        return new ItemPage(items, ItemCursor.Write(query.Order, items[^1]));
    }

    public static Task<List<Transition>> TransitionsAsync(NpgsqlConnection connection, TransitionQuery query, CancellationToken cancellationToken)
    {
        var (after, limit, before) = (Number(query.After), Number(Math.Clamp(query.Limit, 1, MaxRows)), Number(query.Before ?? long.MaxValue));
        return query.ItemId is null
            ? ListAsync(connection, query.NewestFirst ? PostgresStatements.ReadLastTransitions : PostgresStatements.ReadTransitions, [after, limit, before], Transition, cancellationToken)
            : ListAsync(connection, query.NewestFirst ? PostgresStatements.ReadLastTransitionsOfItem : PostgresStatements.ReadTransitionsOfItem, [after, limit, before, Text(PostgresText.Encode(query.ItemId))], Transition, cancellationToken);
    }

    public static Task<List<Fact>> SubjectsAsync(NpgsqlConnection connection, IEnumerable<Key> subjects, CancellationToken cancellationToken) =>
        ListAsync(connection, PostgresStatements.ReadSubjects, [Texts([.. Keys(subjects).Distinct(StringComparer.Ordinal)])], Fact, cancellationToken);

    public static Task<List<Fact>> FactsAsync(NpgsqlConnection connection, RegisterId? after, int limit, CancellationToken cancellationToken) => after is { } last
        ? ListAsync(connection, PostgresStatements.ReadFactsAfter, [Number(limit), Text(last.Subject.ToString()), Text(PostgresText.Encode(last.Kind)), Text(PostgresText.Encode(last.Writer.ToString()))], Fact, cancellationToken)
        : ListAsync(connection, PostgresStatements.ReadFirstFacts, [Number(limit)], Fact, cancellationToken);

    public static Task<List<DueRow>> DueAsync(NpgsqlConnection connection, IEnumerable<Key> subjects, CancellationToken cancellationToken) => ListAsync(
        connection,
        PostgresClockStatements.ReadDue,
        [Texts([.. subjects.Distinct().Select(static s => s.ToString())])],
        static row => new DueRow(Key.Parse(row.GetString(0)), PostgresText.Decode(row.GetString(1)), Instant(row, 2)),
        cancellationToken);

    public static Task<List<QuarantineEntry>> QuarantineAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken) => ListAsync(
        connection,
        PostgresStatements.ReadQuarantine,
        [Number(Math.Clamp(limit, 1, MaxRows))],
        static row => new QuarantineEntry
        {
            Id = PostgresText.Decode(row.GetString(0)),
            Source = PostgresText.Decode(row.GetString(1)),
            Kind = (QuarantineKind)row.GetInt16(2),
            Detail = PostgresText.Decode(row.GetString(3)),
            ReceivedAt = Instant(row, 4),
            Body = row.GetFieldValue<byte[]>(5),
        },
        cancellationToken);

    public static async Task<DateTimeOffset?> NextWakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var wake = await ListAsync(connection, PostgresClockStatements.NextWake, [], static row => row.IsDBNull(0) ? (DateTimeOffset?)null : Instant(row, 0), cancellationToken).ConfigureAwait(false);
        return wake[0];
    }

    public static DateTimeOffset Instant(NpgsqlDataReader rows, int column) => new(rows.GetInt64(column), TimeSpan.Zero);

    public static string? TextOrNull(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : PostgresText.Decode(rows.GetString(column));

    private static string[] Keys(IEnumerable<Key> keys) => [.. keys.Where(static k => !k.IsEmpty).Select(static k => k.ToString())];

    private static Fact Fact(NpgsqlDataReader row) => StoredJson.ReadFact(row.GetString(0));

    private static Transition Transition(NpgsqlDataReader row) => StoredJson.ReadTransition(row.GetString(1)) with { Sequence = row.GetInt64(0) };

    private static ItemRecord Item(NpgsqlDataReader row) => new()
    {
        State = StoredJson.ReadState(row.GetString(0)),
        Version = row.GetInt64(1),
        UpdatedAt = Instant(row, 2),
        NextProbeAt = row.IsDBNull(3) ? null : Instant(row, 3),
    };
}
