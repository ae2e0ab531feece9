namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>Makes of a file what an older version would have written.</summary>
internal static class OlderSchema
{
    /// <summary>With the links by child too, and the register that makes each, and a log by what happened when.</summary>
    public const string BackToSix = """
        DROP TABLE link;
        CREATE TABLE link (
            child  TEXT NOT NULL,
            kind   TEXT NOT NULL,
            writer TEXT NOT NULL,
            parent TEXT NOT NULL,
            PRIMARY KEY (child, kind, writer, parent)) WITHOUT ROWID;
        CREATE INDEX link_by_parent ON link (parent, child);
        INSERT INTO link SELECT fact.subject, fact.kind, fact.writer, parent.value FROM fact, json_each(fact.json, '$.links') AS parent;
        DROP TABLE fact_log;
        CREATE TABLE fact_log (
            key    BLOB PRIMARY KEY,
            source TEXT NOT NULL,
            at     INTEGER NOT NULL,
            json   TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO fact_log SELECT randomblob(16), 'kit', 0, json FROM fact;
        UPDATE meta SET value = 6 WHERE name = 'schema';
        """;

    /// <summary>Without the tables, columns and indexes of the board's queries.</summary>
    public const string BackToFive = $"""
        {BackToSix}
        DROP INDEX item_open; DROP INDEX item_abandoned; DROP INDEX item_by_waiting; DROP INDEX item_done_by_repository; DROP INDEX item_done_by_agent; DROP INDEX item_done_by_priority;
        DROP INDEX item_closed_by_deadline;
        ALTER TABLE item DROP COLUMN agent;
        ALTER TABLE item DROP COLUMN priority;
        CREATE INDEX item_open ON item (updated_at DESC, id) WHERE is_done = 0;
        CREATE INDEX item_by_waiting ON item (waiting_on, updated_at DESC, id) WHERE waiting_on IS NOT NULL;
        DROP TABLE open_item;
        DROP TABLE open_text;
        DROP TABLE facet;
        DROP TABLE board;
        CREATE TABLE board (
            pipeline      TEXT NOT NULL,
            current_gate  TEXT NOT NULL,
            furthest_gate TEXT NOT NULL,
            waiting_on    TEXT NOT NULL,
            is_done       INTEGER NOT NULL,
            is_abandoned  INTEGER NOT NULL,
            migration     TEXT NOT NULL,
            items         INTEGER NOT NULL,
            PRIMARY KEY (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration)) WITHOUT ROWID;
        INSERT INTO board
            SELECT pipeline, coalesce(current_gate, ''), coalesce(furthest_gate, ''), coalesce(waiting_on, ''), is_done, is_abandoned, coalesce(migration, ''), count(*)
            FROM item GROUP BY 1, 2, 3, 4, 5, 6, 7;
        UPDATE meta SET value = 5 WHERE name = 'schema';
        """;
}
