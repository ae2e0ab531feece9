using System.Globalization;
using System.Text.RegularExpressions;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using Npgsql;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>The plans that the store's own sessions get, on tables of a size at which the planner is free to choose.</summary>
[Collection(PostgresCollection.Name)]
public sealed partial class PostgresQueryPlanTests(PostgresServer server)
{
    private const int Items = 8_000;
    private const int MostExpected = 1_000;

    private static readonly (string Sql, string Types, string[] Indexes)[] Statements =
    [
        (PostgresStatements.ReadMark, "", []),
        (PostgresStatements.Load, "text[], text[]", ["link_pkey", "link_by_parent", "fact_pkey", "item_pkey", "due_pkey"]),
        (PostgresStatements.KnownDeliveries, "text[], text[]", ["delivery_pkey"]),
        (PostgresStatements.FindItems, "text[]", ["item_pkey", "due_pkey"]),
        (PostgresStatements.DropLinks, "text[], text[], text[], text[], text[], text[], text[]", ["link_pkey"]),
        (PostgresStatements.RemoveItems, "text[]", ["item_pkey"]),
        (PostgresBoardStatements.MoveOnBoard, "text[], text[], text[], text[], text[], boolean[], boolean[], text[]", ["item_pkey"]),
        (PostgresBoardStatements.PutOpen, "text[], text[], text[], text[], text[], text[], text[], text[], text[], bigint[], bigint[]", []),
        (PostgresBoardStatements.RemoveOpen, "text[]", ["open_item_pkey"]),
        (PostgresBoardStatements.Board, "bigint", ["item_closed_by_deadline"]),
        (PostgresBoardStatements.Facets, "bigint", []),
        (PostgresStatements.RemoveIndex, "text[]", ["line_index_pkey"]),
        (PostgresStatements.ScanIndex, "text[], text[], bigint[]", ["line_index_pkey"]),
        (PostgresStatements.ScanIndexDescending, "text[], text[], bigint[]", ["line_index_pkey"]),
        (PostgresStatements.ChangeDocuments, "text[], text[], bigint[]", ["document_pkey"]),
        (PostgresStatements.ReadDocuments, "text, text, bigint, text", ["document_pkey"]),
        (PostgresStatements.ReadTransitions, "bigint, bigint, bigint", ["transition_pkey"]),
        (PostgresStatements.ReadLastTransitions, "bigint, bigint, bigint", ["transition_pkey"]),
        (PostgresStatements.ReadSubjects, "text[]", ["fact_pkey"]),
        (PostgresClockStatements.ReadDue, "text[]", ["due_pkey"]),
        (PostgresStatements.ReadFactsAfter, "bigint, text, text, text", ["fact_pkey"]),
        (PostgresStatements.ReadTransitionsOfItem, "bigint, bigint, bigint, text", ["transition_by_item"]),
        (PostgresStatements.ReadLastTransitionsOfItem, "bigint, bigint, bigint, text", ["transition_by_item"]),
        (PostgresStatements.PurgeDeliveries, "bigint, bigint", ["delivery_by_at"]),
        (PostgresStatements.PurgeLog, "bigint, bigint", ["fact_log_pkey"]),
        (PostgresClockStatements.ChangeDue, "text[], text[], bigint[], text[], bigint[], smallint[]", ["due_pkey"]),
        (PostgresClockStatements.RemoveDue, "text[], text[], bigint[]", ["due_pkey"]),
        (PostgresClockStatements.RemoveDueOf, "text[]", ["due_pkey"]),
        (PostgresClockStatements.ClaimDue(100), "bigint, bigint", ["due_free", "due_leased"]),
        (PostgresClockStatements.ClaimDueOfKind(100), "bigint, bigint, text", ["due_free_by_kind", "due_leased"]),
        (PostgresClockStatements.ClaimOutbox(100), "bigint, bigint", ["outbox_free", "outbox_leased"]),
        (PostgresClockStatements.RenewDue, "text[], text[], bigint[], bigint", ["due_leased"]),
        (PostgresClockStatements.RenewOutbox, "text[], bigint[], bigint", ["outbox_key_key"]),
        (PostgresClockStatements.EndOutbox, "text[], bigint[], bigint[], text[], smallint", ["outbox_key_key"]),
        (PostgresClockStatements.NextWake, "", ["due_free", "due_leased", "outbox_free", "outbox_leased"]),
    ];

    [Fact]
    public async Task A_statement_searches_its_indexes_and_reads_no_table()
    {
        await using var database = await LoadedAsync();
        await using var session = await SessionAsync(database);
        var wrong = new List<string>();
        foreach (var (sql, types, indexes) in Statements)
        {
            string plan = await PlanAsync(session, sql, types);
            foreach (string index in indexes.Where(i => !Uses(plan, i))) wrong.Add($"{index} is not used:\n{sql}\n{plan}");
            // The few rows of meta are one page; board and open_item hold nothing of what was completed, and are read whole.
            if (TableScan().IsMatch(plan)) wrong.Add($"a table is read:\n{sql}\n{plan}");
            if (plan.Contains("JIT", StringComparison.Ordinal)) wrong.Add($"it is compiled:\n{sql}\n{plan}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    // What a recursion or a set is expected to hold is cleared in memory before each execution: 35,000 keys were 3 MB and most of a load's time.
    [Fact]
    public async Task No_statement_of_a_commit_or_a_load_is_planned_for_thousands_of_keys()
    {
        await using var database = await LoadedAsync();
        await using var session = await SessionAsync(database);
        var wrong = new List<string>();
        foreach (var (sql, types, _) in Statements)
        {
            // These read a table that is small by what it holds, and are asked by people.
            if (sql is PostgresBoardStatements.Board or PostgresBoardStatements.Facets) continue;
            string plan = await PlanAsync(session, sql, types);
            foreach (Match node in HashedNode().Matches(plan))
                if (int.Parse(node.Groups["rows"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) > MostExpected) wrong.Add($"{node.Value}\n{sql}\n{plan}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    public static TheoryData<ItemQuery, string> Lists => new()
    {
        { new ItemQuery(), "item_by_update" },
        { new ItemQuery { IsDone = true }, "item_by_update" },
        { new ItemQuery { IsDone = false }, "item_open" },
        { new ItemQuery { Pipeline = "delivery", IsDone = false }, "item_open" },
        { new ItemQuery { WaitingOn = "g1", IsDone = false }, "item_by_waiting" },
        { new ItemQuery { OverdueAt = Batch.T0.AddSeconds(10) }, "item_by_deadline" },
        { new ItemQuery { IsOpen = true }, "item_open" },
        { new ItemQuery { IsOpen = true, Repository = "acme/web" }, "item_open" },
        { new ItemQuery { IsDone = true, Repository = "acme/r17" }, "item_done_by_repository" },
        { new ItemQuery { IsDone = true, Agent = "builder-17" }, "item_done_by_agent" },
        { new ItemQuery { IsDone = true, Priority = "P17" }, "item_done_by_priority" },
        { new ItemQuery { Order = ItemOrder.LongestWaiting }, "open_by_wait" },
        { new ItemQuery { Order = ItemOrder.LongestWaiting, WaitingOn = "g1" }, "open_by_gate" },
        { new ItemQuery { Order = ItemOrder.LongestWaiting, CurrentGate = "c1" }, "open_by_place" },
    };

    [Fact]
    public async Task A_list_of_items_walks_one_index_from_the_cursor_on()
    {
        await using var database = await LoadedAsync();
        await using var session = await SessionAsync(database);
        foreach (var row in Lists)
        {
            var (query, index) = ((ItemQuery)row[0], (string)row[1]);
            foreach (bool paged in new[] { false, true })
            {
                var (sql, values) = PostgresItemList.Select(query, 50, paged ? new ItemCursor(Batch.T0.AddSeconds(Items / 2).UtcTicks, "a") : null);
                string plan = await PlanAsync(session, sql, values);
                Assert.True(Uses(plan, index), $"{index} is not used for {query}:\n{plan}");
                Assert.False(TableScan().IsMatch(plan), $"a table is read for {query}:\n{plan}");
            }
        }
    }

    private static bool Uses(string plan, string index) =>
        plan.Contains($" using {index} on ", StringComparison.Ordinal) || plan.Contains($"Bitmap Index Scan on {index} ", StringComparison.Ordinal);

    [GeneratedRegex(@"(Recursive Union|HashAggregate|HashSetOp|Hash) .*? rows=(?<rows>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex HashedNode();

    [GeneratedRegex(@"Seq Scan on (?!meta\b|board\b|open_item\b)")]
    private static partial Regex TableScan();

    // Most items are done and most timers are not due, as in a record of some age.
    private async Task<Database> LoadedAsync()
    {
        var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        var numbers = Enumerable.Range(0, Items).ToList();
        await store.CommitAsync(
            new StoreCommit
            {
                At = Batch.T0,
                Registers = [.. numbers.Select(Register)],
                Log = [.. numbers.Select(Register).Select(static f => new LoggedFact(f, StoredJson.Digest(f), "test"))],
                Items = [.. numbers.Select(static i => new ItemRecord { State = State(i), Version = 1, UpdatedAt = Batch.T0.AddSeconds(i) })],
                Index = [.. numbers.Select(static i => new IndexChange($"k{i:00000}", "v"))],
                Transitions = [.. numbers.Select(static i => new Transition { ItemId = Batch.Id(i % 500), Kind = TransitionKind.Opened, RecordedAt = Batch.T0 })],
                Due = [.. numbers.Select(static i => new DueChange { Subject = Key.Item(Batch.Id(i)), Kind = i % 2 == 0 ? "probe:x" : DueKinds.Sla, DueAt = Batch.T0.AddSeconds(i) })],
                Outbox = [.. numbers.Select(static i => new OutboxMessage($"m{i}", "s", "{}", Batch.T0.AddSeconds(i)))],
                Documents = [.. numbers.Select(static i => new DocumentChange($"d/{i:00000}", "{}", 0))],
                Deliveries = [.. numbers.Select(static i => new DeliveryId("test", $"{i}"))],
            },
            default);
        var request = new ClaimRequest { Now = Batch.T0.AddSeconds(50), Lease = TimeSpan.FromMinutes(1), Limit = 40 };
        await store.ClaimDueAsync(request, default);
        await store.ClaimOutboxAsync(request, default);
        await database.ExecuteAsync("VACUUM ANALYZE");
        return database;
    }

    private static Fact Register(int i) => new()
    {
        Subject = Key.PullRequest("acme/web", i),
        Kind = Gates.Merged,
        Writer = new Writer(WriterRoles.SourceControl, "test"),
        Ordinal = new Ordinal(i),
        OccurredAt = Batch.T0,
        Links = [Key.Item(Batch.Id(i))],
    };

    private static ItemState State(int i) => new()
    {
        Id = Batch.Id(i),
        Pipeline = "delivery",
        Repository = $"acme/r{i % 100}",
        Priority = $"P{i % 100}",
        Provenance = new Provenance { Agent = $"builder-{i % 100}" },
        OpenedAt = Batch.T0.AddSeconds(i),
        DoneDefinition = "merged",
        IsDone = i % 20 != 0,
        WaitingOn = i % 20 == 0 ? $"g{i % 3}" : null,
        CurrentGate = $"c{i % 3}",
        Gates = [new GateView { Gate = Gates.Merged, FinishBy = i % 20 == 0 ? Batch.T0.AddSeconds(i) : null }],
    };

    private static async Task<NpgsqlConnection> SessionAsync(Database database)
    {
        var settings = database.Options().Validate();
        settings.Pooling = false;
        var session = new NpgsqlConnection(settings.ConnectionString);
        await session.OpenAsync();
        return session;
    }

    // Prepared, so that the plan is the one that does not know the values.
    private static async Task<string> PlanAsync(NpgsqlConnection session, string sql, string types)
    {
        int count = types.Length == 0 ? 0 : types.Split(',').Length;
        await ExecuteAsync($"PREPARE plan{(count == 0 ? "" : $"({types})")} AS {sql}");
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE plan{(count == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", count))})")}", session);
        var lines = new List<string>();
        await using (var rows = await explain.ExecuteReaderAsync())
            while (await rows.ReadAsync()) lines.Add(rows.GetString(0));
        await ExecuteAsync("DEALLOCATE plan");
        return string.Join('\n', lines);

        async Task ExecuteAsync(string text)
        {
            await using var command = new NpgsqlCommand(text, session);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<string> PlanAsync(NpgsqlConnection session, string sql, NpgsqlParameter[] values)
    {
        await using var explain = new NpgsqlCommand($"EXPLAIN {sql}", session);
        foreach (var value in values) explain.Parameters.Add(value);
        await using (var plan = new NpgsqlCommand("SET plan_cache_mode = force_custom_plan", session)) await plan.ExecuteNonQueryAsync();
        var lines = new List<string>();
        await using var rows = await explain.ExecuteReaderAsync();
        while (await rows.ReadAsync()) lines.Add(rows.GetString(0));
        return string.Join('\n', lines);
    }
}
