using System.Globalization;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>The SQL of a page of items: one index walked in its order from the cursor on (a test reads the plans).</summary>
internal static class PostgresItemList
{
    /// <summary>
    /// For the rest of the transaction: lists have many shapes and filters of very different width, so here a plan that knows the values is
    /// worth its price.
    /// </summary>
    public const string PlanForValues = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

    public static (string Sql, NpgsqlParameter[] Values) Select(ItemQuery query, int limit, (long Ticks, string Id)? after)
    {
        List<string> conditions = [];
        List<NpgsqlParameter> values = [];
        if (query.Pipeline is not null) conditions.Add($"item.pipeline = {Next(Text(PostgresText.Encode(query.Pipeline)))}");
        if (query.WaitingOn is not null) conditions.Add($"item.waiting_on = {Next(Text(PostgresText.Encode(query.WaitingOn)))}");
        if (query.IsDone is { } done) conditions.Add(done ? "item.is_done" : "NOT item.is_done");
        if (query.OverdueAt is { } instant) conditions.Add($"item.next_deadline < {Next(Number(instant.UtcTicks))}");
        if (!string.IsNullOrEmpty(query.Text))
        {
            string text = Next(Text(PostgresText.Encode(PostgresText.LowerAscii(query.Text))));
            conditions.Add($"(strpos(lower(item.id), {text}) > 0 OR strpos(lower(item.title COLLATE \"C\"), {text}) > 0 OR strpos(lower(item.repository COLLATE \"C\"), {text}) > 0)");
        }
        if (after is { } cursor)
        {
            // The first comparison is the index's range; the second leaves out what the page before had of the same instant.
            string ticks = Next(Number(cursor.Ticks));
            conditions.Add($"item.updated_at <= {ticks} AND (item.updated_at < {ticks} OR item.id > {Next(Text(PostgresText.Encode(cursor.Id)))})");
        }
        string where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        string sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {PostgresStatements.ItemColumns} FROM item {where}ORDER BY item.updated_at DESC, item.id LIMIT {limit}");
        return (sql, [.. values]);

        string Next(NpgsqlParameter value)
        {
            values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"${values.Count}");
        }
    }
}
