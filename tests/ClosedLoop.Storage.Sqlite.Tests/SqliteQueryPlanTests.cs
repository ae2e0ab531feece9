namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteQueryPlanTests
{
    public static TheoryData<string, string[]> Statements => new()
    {
        { SqliteStatements.Children, ["link USING PRIMARY KEY (parent=?)"] },
        { SqliteStatements.RemoveLink, ["link USING PRIMARY KEY (parent=? AND child=?)"] },
        { SqliteStatements.ReadFact, ["fact USING PRIMARY KEY (subject=? AND kind=? AND writer=?)"] },
        { SqliteStatements.ReadFacts, ["fact USING PRIMARY KEY (subject=?)"] },
        { SqliteStatements.KnowsDelivery, ["delivery USING PRIMARY KEY (key=?)"] },
        { SqliteStatements.FindItems, ["item USING INDEX sqlite_autoindex_item_1 (id=?)", "due USING PRIMARY KEY (subject=? AND kind>? AND kind<?)"] },
        { SqliteStatements.DueRows, ["due USING INDEX due_free (due_at<?)", "due USING INDEX due_leased (lease_until<?)"] },
        { SqliteStatements.DueRowsOfKind, ["due USING INDEX due_free_by_kind (kind=? AND due_at<?)", "due USING INDEX due_leased (lease_until<?)"] },
        { SqliteStatements.ReadDue, ["due USING PRIMARY KEY (subject=?)"] },
        { SqliteStatements.RenewDue, ["due USING PRIMARY KEY (subject=? AND kind=?)"] },
        { SqliteStatements.RenewOutbox, ["outbox USING INDEX sqlite_autoindex_outbox_1 (key=?)"] },
        { SqliteStatements.LeaseDue, ["due USING PRIMARY KEY (subject=? AND kind=?)"] },
        { SqliteStatements.SetDue, ["due USING PRIMARY KEY (subject=? AND kind=?)"] },
        { SqliteStatements.RetryDue, ["due USING PRIMARY KEY (subject=? AND kind=?)"] },
        { SqliteStatements.BringDueForward, ["due USING PRIMARY KEY (subject=? AND kind=?)"] },
        { SqliteStatements.PurgeDeliveries, ["delivery USING PRIMARY KEY (key<?)"] },
        { SqliteStatements.ScanIndex, ["line_index USING PRIMARY KEY (key>? AND key<?)"] },
        { SqliteStatements.ScanIndexDescending, ["line_index USING PRIMARY KEY (key>? AND key<?)"] },
        { SqliteStatements.ScanIndexRanges, ["line_index USING PRIMARY KEY (key>? AND key<?)"] },
        { SqliteStatements.DocumentVersion, ["document USING INDEX sqlite_autoindex_document_1 (name=?)"] },
        { SqliteStatements.RemoveDocument, ["document USING INDEX sqlite_autoindex_document_1 (name=?)"] },
        { SqliteStatements.ReadDocuments, ["document USING INDEX sqlite_autoindex_document_1 (name>? AND name<?)"] },
        { SqliteStatements.RemoveDue, ["due USING PRIMARY KEY (subject=? AND kind=?)"] },
        { SqliteStatements.RemoveItemDue, ["due USING PRIMARY KEY (subject=?)"] },
        { SqliteStatements.OutboxRows, ["outbox USING INDEX outbox_free (not_before<?)", "outbox USING INDEX outbox_leased (lease_until<?)"] },
        { SqliteStatements.LeaseOutbox, ["outbox USING INTEGER PRIMARY KEY (rowid=?)"] },
        { SqliteStatements.ReadOutbox, ["outbox USING INDEX sqlite_autoindex_outbox_1 (key=?)"] },
        { SqliteStatements.NextWake, ["INDEX due_free", "INDEX due_leased", "INDEX outbox_free", "INDEX outbox_leased"] },
        { SqliteStatements.ReadTransitions, ["transition USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"] },
        { SqliteStatements.ReadLastTransitions, ["transition USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"] },
        { SqliteStatements.ReadTransitionsOfItem, ["transition USING INDEX transition_by_item (item_id=? AND seq>? AND seq<?)"] },
        { SqliteStatements.ReadLastTransitionsOfItem, ["transition USING INDEX transition_by_item (item_id=? AND seq>? AND seq<?)"] },
        { SqliteStatements.PurgeLog, ["fact_log USING INTEGER PRIMARY KEY (rowid<?)"] },
        { SqliteStatements.ReadFactsAfter, ["fact USING PRIMARY KEY ((subject,kind,writer)>(?,?,?))"] },
        { SqliteStatements.ReadPlace, ["item USING INDEX sqlite_autoindex_item_1 (id=?)"] },
        { SqliteStatements.ReadPlace, ["open_item USING PRIMARY KEY (id=?)"] },
        { SqliteStatements.RemoveOpen, ["open_item USING PRIMARY KEY (id=?)"] },
        { SqliteStatements.RemoveOpenText, ["open_text USING PRIMARY KEY (id=?)"] },
        { SqliteStatements.Facets, ["facet USING COVERING INDEX facet_by_items (kind=? AND items>?)"] },
        { SqliteStatements.CountOverdue, ["item USING COVERING INDEX item_by_deadline (next_deadline<?)"] },
        { SqliteStatements.ClosedOverdue, ["item USING INDEX item_closed_by_deadline (next_deadline<?)"] },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_statement_searches_its_indexes_and_scans_no_table(string sql, string[] searches)
    {
        var plan = await PlanAsync(sql);
        foreach (string search in searches) Assert.Contains(plan, line => line.StartsWith("SEARCH", StringComparison.Ordinal) && line.Contains(search, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, IsTableScan);
    }

    public static TheoryData<ItemQuery, string, bool> Lists => new()
    {
        // Of all parts a page at most is sorted.
        { new ItemQuery(), "item_open", true },
        { new ItemQuery(), "item_abandoned", true },
        { new ItemQuery(), "item_done", true },
        { new ItemQuery { Text = "x" }, "item_done", true },
        { new ItemQuery { Pipeline = "p" }, "item_done_by_pipeline", true },
        { new ItemQuery { Agent = "a" }, "item_done_by_agent", true },
        { new ItemQuery { Repository = "r" }, "item_done_by_repository", true },
        { new ItemQuery { Priority = "P1" }, "item_done_by_priority", true },
        { new ItemQuery { Repository = "r", Agent = "a", Priority = "P1" }, "item_open", true },
        { new ItemQuery { IsOpen = false }, "item_abandoned", true },
        { new ItemQuery { IsOpen = false }, "item_done", true },
        { new ItemQuery { IsDone = false }, "item_open", true },
        { new ItemQuery { IsDone = false }, "item_abandoned", true },
        { new ItemQuery { IsDone = true }, "item_done", false },
        { new ItemQuery { Pipeline = "p", IsDone = true }, "item_done_by_pipeline", false },
        { new ItemQuery { Agent = "a", IsDone = true }, "item_done_by_agent", false },
        { new ItemQuery { IsOpen = true }, "item_open", false },
        { new ItemQuery { IsOpen = true, CurrentGate = "g" }, "item_open", false },
        { new ItemQuery { IsOpen = true, CurrentGate = "" }, "item_open", false },
        { new ItemQuery { Pipeline = "p", Repository = "r", Agent = "a", Priority = "P1", IsOpen = true }, "item_open", false },
        { new ItemQuery { IsDone = false, IsOpen = false }, "item_abandoned", false },
        { new ItemQuery { Pipeline = "p", WaitingOn = "g", IsDone = false }, "item_by_waiting", false },
        { new ItemQuery { Repository = "r", WaitingOn = "g", IsOpen = true }, "item_by_waiting", false },
        // The few that are overdue are sorted.
        { new ItemQuery { Pipeline = "p", WaitingOn = "g", OverdueAt = Batch.T0 }, "item_by_deadline", true },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_of_items_walks_one_index_in_its_order_from_the_cursor_on(ItemQuery query, string index, bool sorts)
    {
        foreach (bool paged in new[] { false, true })
        {
            var (sql, _) = SqliteItemList.Select(query, 50, paged ? new ItemCursor(1L, "a") : null);
            var plan = await PlanAsync(sql);
            Assert.Contains(plan, line => line.Contains($"item USING INDEX {index}", StringComparison.Ordinal));
            Assert.Equal(sorts, plan.Any(IsSort));
            if (paged && index != "item_by_deadline") Assert.Contains(plan, line => line.Contains(index, StringComparison.Ordinal) && line.Contains("updated_at<?", StringComparison.Ordinal));
        }
    }

    public static TheoryData<ItemQuery, string> Waits => new()
    {
        { new ItemQuery(), "open_by_wait" },
        { new ItemQuery { Repository = "r", IsOpen = true }, "open_by_wait" },
        { new ItemQuery { WaitingOn = "g" }, "open_by_gate" },
        { new ItemQuery { CurrentGate = "g" }, "open_by_place" },
        { new ItemQuery { CurrentGate = "", Agent = "a" }, "open_by_place" },
        { new ItemQuery { WaitingOn = "g", Pipeline = "p", Repository = "r", Agent = "a", Priority = "P1", OverdueAt = Batch.T0 }, "open_by_gate" },
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_list_of_what_waits_longest_walks_one_covering_index_and_finds_the_items_by_their_names(ItemQuery query, string index)
    {
        foreach (bool paged in new[] { false, true })
        {
            var (sql, _) = SqliteItemList.Select(query with { Order = ItemOrder.LongestWaiting }, 50, paged ? new ItemCursor(1L, "a") : null);
            var plan = await PlanAsync(sql);
            Assert.Contains(plan, line => line.Contains($"open_item USING COVERING INDEX {index}", StringComparison.Ordinal) && (!paged || line.Contains("waiting_since>?", StringComparison.Ordinal)));
            Assert.Contains(plan, line => line.Contains("item USING INDEX sqlite_autoindex_item_1 (id=?)", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, IsSort);
        }
    }

    [Fact]
    public async Task Where_many_are_overdue_a_list_of_open_ones_is_walked_in_its_order()
    {
        foreach (var (query, index) in new[] { (new ItemQuery { OverdueAt = Batch.T0, IsOpen = true }, "item_open"), (new ItemQuery { OverdueAt = Batch.T0, IsOpen = true, WaitingOn = "g" }, "item_by_waiting") })
        {
            var plan = await PlanAsync(SqliteItemList.Select(query, 50, new ItemCursor(1L, "a"), null, manyOverdue: true).Sql);
            Assert.Contains(plan, line => line.Contains($"item USING INDEX {index}", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, IsSort);
        }
    }

    [Fact]
    public async Task Few_open_items_with_a_text_are_found_by_their_names_and_many_by_a_walk_in_the_lists_order()
    {
        foreach (var order in Enum.GetValues<ItemOrder>())
        {
            var query = new ItemQuery { Text = "x", IsOpen = true, Repository = "r", Order = order };
            foreach (bool paged in new[] { false, true })
            {
                var after = paged ? new ItemCursor(1L, "a") : (ItemCursor?)null;
                var few = await PlanAsync(SqliteItemList.Select(query, 50, after, ["a"]).Sql);
                Assert.Contains(few, static line => line.Contains("item USING INDEX sqlite_autoindex_item_1 (id=?)", StringComparison.Ordinal));
                Assert.Contains(few, IsSort);
                var many = await PlanAsync(SqliteItemList.Select(query, 50, after).Sql);
                Assert.Contains(many, line => line.Contains(order == ItemOrder.LongestWaiting ? "open_by_wait" : "item USING INDEX item_open", StringComparison.Ordinal));
                Assert.DoesNotContain(many, IsSort);
            }
        }
        Assert.Contains("SCAN open_text", Assert.Single(await PlanAsync(SqliteStatements.FindText)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_of_open_items_come_from_one_index_of_open_items_whatever_they_are_filtered_by()
    {
        foreach (var query in new[] { new BoardQuery(), new BoardQuery { Pipeline = "p" }, new BoardQuery { Repository = "r", Agent = "a", Priority = "P1" } })
        {
            var plan = await PlanAsync(SqliteStatements.CountOpen(query, 1).Sql);
            Assert.Contains(plan, line => line.Contains("open_item USING COVERING INDEX open_board", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, IsSort);
        }
    }

    // json_each is a virtual table, and what a subquery found is walked once.
    private static bool IsTableScan(string line) =>
        line.StartsWith("SCAN ", StringComparison.Ordinal) && !line.StartsWith("SCAN (subquery", StringComparison.Ordinal) && !line.Contains("VIRTUAL TABLE", StringComparison.Ordinal);

    private static bool IsSort(string line) => line.Contains("TEMP B-TREE", StringComparison.Ordinal);

    private static async Task<List<string>> PlanAsync(string sql)
    {
        using var file = new TempFile();
        await file.OpenAsync();
        using var raw = file.Inspect();
        var plan = new List<string>();
        using var rows = raw.Query($"EXPLAIN QUERY PLAN {sql}", [.. Enumerable.Range(1, 9).Where(i => sql.Contains($"?{i}", StringComparison.Ordinal)).Select(_ => (SqlValue)"[]")]);
        while (rows.Read()) plan.Add(rows.Text(3));
        return plan;
    }
}
