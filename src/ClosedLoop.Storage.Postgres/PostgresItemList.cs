using System.Globalization;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>The SQL of a page of items: an index walked in its order from the cursor on (a test reads the plans).</summary>
internal static class PostgresItemList
{
    /// <summary>
    /// For the rest of the transaction: lists have many shapes and filters of very different width, so here a plan that knows the values is
    /// worth its price.
    /// </summary>
    public const string PlanForValues = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

    private const string Open = "NOT item.is_done AND NOT item.is_abandoned";
    private const string Abandoned = "NOT item.is_done AND item.is_abandoned";

    // An index has the beginning of a name only.
    private const int Indexed = 100;

    public static (string Sql, NpgsqlParameter[] Values) Select(ItemQuery query, int limit, ItemCursor? after)
    {
        List<NpgsqlParameter> values = [];
        return (query.Order == ItemOrder.LongestWaiting ? Waiting(query, limit, after, values) : Newest(query, limit, after, values), [.. values]);
    }

    private static string Newest(ItemQuery query, int limit, ItemCursor? after, List<NpgsqlParameter> values)
    {
        var conditions = Conditions(query, "item", values, query.IsDone == true);
        if (after is { } cursor)
        {
            // The first comparison is the index's range; the second leaves out what the page before had of the same instant.
            string ticks = Next(values, Number(cursor.Ticks));
            conditions.Add($"item.updated_at <= {ticks} AND (item.updated_at < {ticks} OR item.id > {Next(values, Text(PostgresText.Encode(cursor.Id)))})");
        }
        if (query is { IsDone: false, IsOpen: null })
            return string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT json, version, updated_at, probe FROM (({Part(Open)}) UNION ALL ({Part(Abandoned)})) AS parts ORDER BY updated_at DESC, id LIMIT {limit}");
        List<string> which = [];
        if (query.IsDone is { } done && !(query.IsOpen == true && !done)) which.Add(done ? "item.is_done" : "NOT item.is_done");
        if (query.IsOpen is { } open) which.Add(open ? Open : query.IsDone == false ? Abandoned : "(item.is_done OR item.is_abandoned)");
        return Part(string.Join(" AND ", which));

        string Part(string part)
        {
            string where = string.Join(" AND ", part.Length == 0 ? conditions : conditions.Append(part));
            return string.Create(CultureInfo.InvariantCulture, $"SELECT {PostgresStatements.ItemColumns} AS probe, item.id FROM item {(where.Length == 0 ? "" : $"WHERE {where} ")}ORDER BY item.updated_at DESC, item.id LIMIT {limit}");
        }
    }

    private static string Waiting(ItemQuery query, int limit, ItemCursor? after, List<NpgsqlParameter> values)
    {
        if (query.IsDone == true || query.IsOpen == false) return $"SELECT {PostgresStatements.ItemColumns} FROM item WHERE false";
        var conditions = Conditions(query, "open_item", values, indexed: false);
        if (after is { } cursor)
        {
            string ticks = Next(values, Number(cursor.Ticks));
            conditions.Add($"open_item.waiting_since >= {ticks} AND (open_item.waiting_since > {ticks} OR open_item.id > {Next(values, Text(PostgresText.Encode(cursor.Id)))})");
        }
        string where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {PostgresStatements.ItemColumns} FROM open_item JOIN item ON item.id = open_item.id {where}ORDER BY open_item.waiting_since, open_item.id LIMIT {limit}");
    }

    private static List<string> Conditions(ItemQuery query, string table, List<NpgsqlParameter> values, bool indexed)
    {
        List<string> conditions = [];
        Add("pipeline", query.Pipeline, false);
        Add("waiting_on", query.WaitingOn, false);
        // Of an item it is null before the first gate, of an open item an empty text.
        if (query.CurrentGate is "" && table == "item") conditions.Add("(item.current_gate IS NULL OR item.current_gate = '')");
        else Add("current_gate", query.CurrentGate, false);
        Add("repository", query.Repository, indexed);
        Add("agent", query.Agent, indexed);
        Add("priority", query.Priority, indexed);
        if (query.OverdueAt is { } instant) conditions.Add($"{table}.next_deadline < {Next(values, Number(instant.UtcTicks))}");
        if (!string.IsNullOrEmpty(query.Text))
        {
            string text = Next(values, Text(PostgresText.Encode(PostgresText.LowerAscii(query.Text))));
            conditions.Add($"(strpos(lower(item.id), {text}) > 0 OR strpos(lower(item.title COLLATE \"C\"), {text}) > 0 OR strpos(lower(item.repository COLLATE \"C\"), {text}) > 0)");
        }
        return conditions;

        void Add(string column, string? value, bool byBeginning)
        {
            if (value is null) return;
            string parameter = Next(values, Text(PostgresText.Encode(value)));
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{table}.{column} = {parameter}{(byBeginning ? $" AND left({table}.{column}, {Indexed}) = left({parameter}, {Indexed})" : "")}"));
        }
    }

    private static string Next(List<NpgsqlParameter> values, NpgsqlParameter value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${values.Count}");
    }
}
