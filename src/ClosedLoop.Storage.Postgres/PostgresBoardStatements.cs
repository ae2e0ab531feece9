using System.Globalization;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>
/// The SQL of the board: counts of places, and the narrow table of open items, which is read whole. Commits that change items hold the mark, so no two of them come to
/// these rows at once.
/// </summary>
internal static class PostgresBoardStatements
{
    /// <summary>
    /// $1 ids of items that are about to be stored or removed; $2 to $8 where those that stay will stand. Primary key of item, unique key of board. To be run before they are
    /// stored. Most facts move no item: then nothing is written.
    /// </summary>
    public const string MoveOnBoard = """
        WITH moved AS MATERIALIZED (
            SELECT pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, sum(more) AS more FROM (
                SELECT stored.*, -1 AS more FROM unnest($1) AS leaving (id) CROSS JOIN LATERAL (
                    SELECT pipeline, coalesce(current_gate, '') AS current_gate, coalesce(furthest_gate, '') AS furthest_gate, coalesce(waiting_on, '') AS waiting_on,
                        is_done, is_abandoned, coalesce(migration, '') AS migration FROM item WHERE item.id = leaving.id OFFSET 0) AS stored
                UNION ALL
                SELECT pipeline COLLATE "C", current_gate COLLATE "C", furthest_gate COLLATE "C", waiting_on COLLATE "C", is_done, is_abandoned, migration COLLATE "C", 1
                FROM unnest($2, $3, $4, $5, $6, $7, $8) AS entering (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration)) AS steps
            GROUP BY 1, 2, 3, 4, 5, 6, 7)
        INSERT INTO board (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items)
        SELECT pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, more FROM moved WHERE more <> 0
        ON CONFLICT (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration) DO UPDATE SET items = board.items + excluded.items
        """;

    /// <summary>$1 ids; $2 to $6 their places on the board; $7 to $11 the other columns of open_item. Primary key of open_item, unique key of board. What is as it was is not written.</summary>
    public const string PutOpen = """
        INSERT INTO open_item (id, place, pipeline, current_gate, waiting_on, repository, agent, priority, waiting_since, next_deadline)
        SELECT wanted.id, stood.place, wanted.pipeline, wanted.current_gate, nullif(wanted.waiting_on, ''), wanted.repository, wanted.agent, wanted.priority, wanted.waiting_since, wanted.next_deadline
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS wanted (id, pipeline, current_gate, furthest_gate, waiting_on, migration, repository, agent, priority, waiting_since, next_deadline)
        CROSS JOIN LATERAL (
            SELECT board.place FROM board
            WHERE board.pipeline = wanted.pipeline AND board.current_gate = wanted.current_gate AND board.furthest_gate = wanted.furthest_gate AND board.waiting_on = wanted.waiting_on
                AND NOT board.is_done AND NOT board.is_abandoned AND board.migration = wanted.migration OFFSET 0) AS stood
        ON CONFLICT (id) DO UPDATE SET place = excluded.place, pipeline = excluded.pipeline, current_gate = excluded.current_gate, waiting_on = excluded.waiting_on, repository = excluded.repository,
            agent = excluded.agent, priority = excluded.priority, waiting_since = excluded.waiting_since, next_deadline = excluded.next_deadline
        WHERE (open_item.place, open_item.repository, open_item.agent, open_item.priority, open_item.waiting_since, open_item.next_deadline)
            IS DISTINCT FROM (excluded.place, excluded.repository, excluded.agent, excluded.priority, excluded.waiting_since, excluded.next_deadline)
        """;

    /// <summary>$1 ids. Primary key of open_item.</summary>
    public const string RemoveOpen = "DELETE FROM open_item WHERE id = ANY ($1)";

    /// <summary>$1 now. The whole of board and of open_item, and item_closed_by_deadline, which holds only what still has a limit although it is done or abandoned.</summary>
    public const string Board = """
        SELECT board.pipeline, board.current_gate, board.furthest_gate, board.waiting_on, board.is_done, board.is_abandoned, board.migration, board.items,
            coalesce(open.overdue, closed.overdue, 0), open.oldest
        FROM board
        LEFT JOIN (SELECT place, count(*) FILTER (WHERE next_deadline < $1) AS overdue, min(waiting_since) AS oldest FROM open_item GROUP BY place) AS open ON open.place = board.place
        LEFT JOIN (
            SELECT pipeline, coalesce(current_gate, '') AS current_gate, coalesce(furthest_gate, '') AS furthest_gate, coalesce(waiting_on, '') AS waiting_on, is_done, is_abandoned,
                coalesce(migration, '') AS migration, count(*) AS overdue
            FROM item WHERE (is_done OR is_abandoned) AND next_deadline IS NOT NULL AND next_deadline < $1 GROUP BY 1, 2, 3, 4, 5, 6, 7) AS closed
            ON (closed.pipeline, closed.current_gate, closed.furthest_gate, closed.waiting_on, closed.is_done, closed.is_abandoned, closed.migration)
                = (board.pipeline, board.current_gate, board.furthest_gate, board.waiting_on, board.is_done, board.is_abandoned, board.migration)
        WHERE board.items > 0
        ORDER BY board.pipeline, board.current_gate, board.furthest_gate, board.waiting_on, board.is_done, board.is_abandoned, board.migration
        """;

    /// <summary>$1 how many names. Open items are read once for the three.</summary>
    public const string Facets = """
        WITH counted AS (
            SELECT CASE WHEN grouping(repository) = 0 THEN 0 WHEN grouping(agent) = 0 THEN 1 ELSE 2 END AS kind,
                CASE WHEN grouping(repository) = 0 THEN repository WHEN grouping(agent) = 0 THEN agent ELSE priority END AS name, count(*) AS items
            FROM open_item GROUP BY GROUPING SETS ((repository), (agent), (priority))),
        ranked AS (SELECT kind, name, items, row_number() OVER (PARTITION BY kind ORDER BY items DESC, name) AS place FROM counted WHERE name IS NOT NULL)
        SELECT kind, name, items FROM ranked WHERE place <= $1 ORDER BY kind, place
        """;

    /// <summary>The narrow table of open items from end to end, then board by its primary key.</summary>
    public static (string Sql, NpgsqlParameter[] Values) CountOpen(BoardQuery query, long now)
    {
        List<NpgsqlParameter> values = [Number(now)];
        List<string> conditions = [];
        Add("pipeline", query.Pipeline);
        Add("repository", query.Repository);
        Add("agent", query.Agent);
        Add("priority", query.Priority);
        string where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return ($"""
            SELECT board.pipeline, board.current_gate, board.furthest_gate, board.waiting_on, board.is_done, board.is_abandoned, board.migration, open.items, open.overdue, open.oldest
            FROM (SELECT place, count(*) AS items, count(*) FILTER (WHERE next_deadline < $1) AS overdue, min(waiting_since) AS oldest FROM open_item{where} GROUP BY place) AS open
            JOIN board ON board.place = open.place
            ORDER BY board.pipeline, board.current_gate, board.furthest_gate, board.waiting_on, board.migration
            """, [.. values]);

        void Add(string column, string? value)
        {
            if (value is null) return;
            values.Add(Text(PostgresText.Encode(value)));
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{column} = ${values.Count}"));
        }
    }
}
