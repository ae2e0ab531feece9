namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>Makes of a database what an older version would have written.</summary>
internal static class OlderSchema
{
    /// <summary>With a digest for every row of the log.</summary>
    public const string BackToThree = """
        DROP INDEX fact_log_by_digest;
        UPDATE fact_log SET digest = decode(md5(seq::text), 'hex') WHERE digest IS NULL;
        ALTER TABLE fact_log ALTER COLUMN digest SET NOT NULL, ADD UNIQUE (digest);
        UPDATE meta SET value = 3 WHERE name = 'schema';
        """;

    /// <summary>Without the tables, columns and indexes of the board's queries.</summary>
    public const string BackToTwo = $"""
        {BackToThree}
        DROP INDEX item_open, item_abandoned, item_done_by_repository, item_done_by_agent, item_done_by_priority, item_closed_by_deadline;
        ALTER TABLE item DROP COLUMN agent, DROP COLUMN priority;
        CREATE INDEX item_open ON item (updated_at DESC, id) WHERE NOT is_done;
        CREATE INDEX item_board ON item (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline);
        DROP TABLE open_item, board;
        UPDATE meta SET value = 2 WHERE name = 'schema';
        """;
}
