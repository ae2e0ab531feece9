using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>The SQL of a page of items (a test reads the plans).</summary>
/// <remarks>
/// The index is named, by what narrows most, because without statistics SQLite would take any index with an equality. What is open, what was abandoned and what is
/// done have an index each; a list of several is merged from their first rows.
/// </remarks>
internal static class SqliteItemList
{
    private const string Open = "item.is_done = 0 AND item.is_abandoned = 0";
    private const string Abandoned = "item.is_done = 0 AND item.is_abandoned = 1";
    private const string Done = "item.is_done = 1";

    /// <summary>A text that this many of the newest items do not fill a page with is rare: then it is looked for in all that is open.</summary>
    private const int NewestLooked = 1_000;

    /// <summary>
    /// The first try at a list of open items with a text: only among the newest, since a text that many have is found there at once. Null when the query is another one.
    /// ?1 is how many are looked at.
    /// </summary>
    public static (string Sql, SqlValue[] Values)? SelectNewest(ItemQuery query, int limit, ItemCursor? after)
    {
        if (!IsOpenText(query) || query.Order != ItemOrder.NewestChange) return null;
        List<SqlValue> values = [NewestLooked];
        var conditions = Conditions(query, "item", values);
        string from = after is { } cursor ? Next(values, cursor.Ticks) is var ticks ? $" AND updated_at <= {ticks} AND (updated_at < {ticks} OR id > {Next(values, cursor.Id)})" : "" : "";
        return ($"""
            SELECT {SqliteStatements.ItemColumns} FROM (SELECT seq FROM item INDEXED BY item_open WHERE is_done = 0 AND is_abandoned = 0{from} ORDER BY updated_at DESC, id LIMIT ?1) AS newest
            CROSS JOIN item ON item.seq = newest.seq WHERE {string.Join(" AND ", conditions)} ORDER BY item.updated_at DESC, item.id LIMIT {Next(values, (long)limit)}
            """, [.. values]);
    }

    private static bool IsOpenText(ItemQuery query) => !string.IsNullOrEmpty(query.Text) && query.IsOpen == true && query.IsDone != true;

    public static (string Sql, SqlValue[] Values) Select(ItemQuery query, int limit, ItemCursor? after)
    {
        List<SqlValue> values = [];
        return (query.Order == ItemOrder.LongestWaiting ? Waiting(query, limit, after, values) : Newest(query, limit, after, values), [.. values]);
    }

    private static string Newest(ItemQuery query, int limit, ItemCursor? after, List<SqlValue> values)
    {
        var conditions = Conditions(query, "item", values);
        if (after is { } cursor)
        {
            // The first comparison is the index's range; the second leaves out what the page before had of the same instant.
            string ticks = Next(values, cursor.Ticks);
            conditions.Add($"item.updated_at <= {ticks} AND (item.updated_at < {ticks} OR item.id > {Next(values, cursor.Id)})");
        }
        string most = Next(values, (long)limit);
        bool open = query.IsOpen != false && query.IsDone != true, abandoned = query.IsOpen != true && query.IsDone != true, done = query.IsOpen != true && query.IsDone != false;
        if (IsOpenText(query))
        {
            string looked = Next(values, LowerAscii(query.Text!));
            return $"SELECT {SqliteStatements.ItemColumns} FROM open_text CROSS JOIN item ON item.id = open_text.id WHERE instr(open_text.text, {looked}) AND {string.Join(" AND ", conditions)} AND {Open} ORDER BY item.updated_at DESC, item.id LIMIT {most}";
        }
        if (query.OverdueAt is not null) return Part("item_by_deadline", Which(query));
        if (query.WaitingOn is not null) return Part("item_by_waiting", Which(query));
        List<string> parts = [];
        if (open) parts.Add(Part("item_open", Open));
        if (abandoned) parts.Add(Part("item_abandoned", Abandoned));
        if (done) parts.Add(Part(DoneIndex(query), Done));
        return parts.Count switch
        {
            0 => Part("item_open", "false AND " + Open),
            1 => parts[0],
            _ => $"SELECT json, version, updated_at, probe FROM ({string.Join(" UNION ALL ", parts.Select(static p => $"SELECT * FROM ({p})"))}) ORDER BY updated_at DESC, id LIMIT {most}",
        };

        string Part(string index, string which)
        {
            string where = string.Join(" AND ", which.Length == 0 ? conditions : conditions.Append(which));
            return $"SELECT {SqliteStatements.ItemColumns} AS probe, item.id FROM item INDEXED BY {index} WHERE {where} ORDER BY item.updated_at DESC, item.id LIMIT {most}";
        }
    }

    // Names first: what passes the filters is read from the item, and nothing else is.
    private static string Waiting(ItemQuery query, int limit, ItemCursor? after, List<SqlValue> values)
    {
        if (query.IsDone == true || query.IsOpen == false) return $"SELECT {SqliteStatements.ItemColumns} FROM item WHERE false";
        var conditions = Conditions(query, "open_item", values);
        if (after is { } cursor)
        {
            string ticks = Next(values, cursor.Ticks);
            conditions.Add($"open_item.waiting_since >= {ticks} AND (open_item.waiting_since > {ticks} OR open_item.id > {Next(values, cursor.Id)})");
        }
        if (IsOpenText(query with { IsOpen = true }))
            return $"SELECT {SqliteStatements.ItemColumns} FROM open_text CROSS JOIN open_item ON open_item.id = open_text.id CROSS JOIN item ON item.id = open_text.id WHERE instr(open_text.text, {Next(values, LowerAscii(query.Text!))}) AND {string.Join(" AND ", conditions)} ORDER BY open_item.waiting_since, open_item.id LIMIT {Next(values, (long)limit)}";
        string where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        string index = query.WaitingOn is not null ? "open_by_gate" : query.CurrentGate is not null ? "open_by_place" : "open_by_wait";
        return $"SELECT {SqliteStatements.ItemColumns} FROM open_item INDEXED BY {index} CROSS JOIN item ON item.id = open_item.id {where}ORDER BY open_item.waiting_since, open_item.id LIMIT {Next(values, (long)limit)}";
    }

    private static List<string> Conditions(ItemQuery query, string table, List<SqlValue> values)
    {
        List<string> conditions = [];
        if (query.Pipeline is not null) conditions.Add($"{table}.pipeline = {Next(values, query.Pipeline)}");
        if (query.WaitingOn is not null) conditions.Add($"{table}.waiting_on = {Next(values, query.WaitingOn)}");
        // Of an item it is null before the first gate, of an open item an empty text.
        if (query.CurrentGate is { } current) conditions.Add(current.Length > 0 || table == "open_item" ? $"{table}.current_gate = {Next(values, current)}" : $"({table}.current_gate IS NULL OR {table}.current_gate = '')");
        if (query.Repository is not null) conditions.Add($"{table}.repository = {Next(values, query.Repository)}");
        if (query.Agent is not null) conditions.Add($"{table}.agent = {Next(values, query.Agent)}");
        if (query.Priority is not null) conditions.Add($"{table}.priority = {Next(values, query.Priority)}");
        if (query.OverdueAt is { } instant) conditions.Add($"{table}.next_deadline < {Next(values, Ticks(instant))}");
        if (!string.IsNullOrEmpty(query.Text))
        {
            string text = Next(values, LowerAscii(query.Text));
            conditions.Add($"(instr(lower(item.id), {text}) OR instr(lower(item.title), {text}) OR instr(lower(item.repository), {text}))");
        }
        return conditions;
    }

    private static string Which(ItemQuery query)
    {
        List<string> which = [];
        if (query.IsDone is { } done) which.Add(done ? Done : "item.is_done = 0");
        if (query.IsOpen is { } open) which.Add(open ? Open : "(item.is_done = 1 OR item.is_abandoned = 1)");
        return string.Join(" AND ", which);
    }

    private static string DoneIndex(ItemQuery query) => query switch
    {
        { Agent: not null } => "item_done_by_agent",
        { Repository: not null } => "item_done_by_repository",
        { Priority: not null } => "item_done_by_priority",
        { Pipeline: not null } => "item_done_by_pipeline",
        _ => "item_done",
    };

    private static string Next(List<SqlValue> values, SqlValue value)
    {
        values.Add(value);
        return $"?{values.Count}";
    }
}
