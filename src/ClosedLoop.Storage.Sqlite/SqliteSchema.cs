using System.Globalization;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// The tables, and how files of older versions come up to date. Forward only: a script that was released is never changed, a new
/// one is appended.
/// </summary>
/// <remarks>
/// Instants are whole ticks (100 ns) of UTC since the year 1, as DateTimeOffset counts them, so that they come back exactly as they
/// went in. Keys and names compare by bytes (BINARY), which for the characters that keys may hold is the order of their .NET text.
/// </remarks>
internal static class SqliteSchema
{
    /// <summary>The version that this code reads and writes.</summary>
    public static int Version => Migrations.Length;

    private static readonly Action<Session>[] Migrations = [static s => s.Run(First), static s => s.Run(Second), static s => s.Run(Third), ToOrderedKeys, static s => s.Run(Fifth), ToBoardQueries, static s => s.Run(Seventh)];

    private const string First = """
        -- fact: the present register of a (subject, kind, writer). Clustered by subject: a subject is one short range.
        CREATE TABLE fact (
            subject TEXT NOT NULL,
            kind    TEXT NOT NULL,
            writer  TEXT NOT NULL,
            json    TEXT NOT NULL,
            PRIMARY KEY (subject, kind, writer)) WITHOUT ROWID;

        -- link: belongs to the register that makes it, so that replacing one register takes away only its own links.
        CREATE TABLE link (
            child  TEXT NOT NULL,
            kind   TEXT NOT NULL,
            writer TEXT NOT NULL,
            parent TEXT NOT NULL,
            PRIMARY KEY (child, kind, writer, parent)) WITHOUT ROWID;
        CREATE INDEX link_by_parent ON link (parent, child);

        -- fact_log: every observation once, by the digest of its content; append-only.
        CREATE TABLE fact_log (
            seq    INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            source TEXT NOT NULL,
            at     INTEGER NOT NULL,
            json   TEXT NOT NULL);

        CREATE TABLE item (
            seq           INTEGER PRIMARY KEY,
            id            TEXT NOT NULL UNIQUE,
            pipeline      TEXT NOT NULL,
            title         TEXT,
            repository    TEXT,
            current_gate  TEXT,
            furthest_gate TEXT,
            waiting_on    TEXT,
            is_done       INTEGER NOT NULL,
            is_abandoned  INTEGER NOT NULL,
            migration     TEXT,
            next_deadline INTEGER,
            version       INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL,
            json          TEXT NOT NULL);
        CREATE INDEX item_by_update ON item (updated_at DESC, id);
        CREATE INDEX item_by_pipeline ON item (pipeline, updated_at DESC, id);
        -- Partial: lists of what is open stay as fast as they are, however many items were completed.
        CREATE INDEX item_open ON item (updated_at DESC, id) WHERE is_done = 0;
        CREATE INDEX item_by_waiting ON item (waiting_on, updated_at DESC, id) WHERE waiting_on IS NOT NULL;
        CREATE INDEX item_by_deadline ON item (next_deadline) WHERE next_deadline IS NOT NULL;
        CREATE INDEX item_board ON item (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline);

        -- transition: rows are never removed, so the greatest rowid plus one leaves no gap.
        CREATE TABLE transition (
            seq     INTEGER PRIMARY KEY,
            item_id TEXT NOT NULL,
            json    TEXT NOT NULL);
        CREATE INDEX transition_by_item ON transition (item_id, seq);

        CREATE TABLE due (
            subject     TEXT NOT NULL,
            kind        TEXT NOT NULL,
            due_at      INTEGER NOT NULL,
            attempts    INTEGER NOT NULL,
            token       INTEGER NOT NULL,
            lease_until INTEGER,
            again_at    INTEGER,
            payload     TEXT,
            PRIMARY KEY (subject, kind)) WITHOUT ROWID;
        CREATE INDEX due_free ON due (due_at, subject, kind) WHERE lease_until IS NULL;
        CREATE INDEX due_free_by_kind ON due (kind, due_at, subject) WHERE lease_until IS NULL;
        CREATE INDEX due_leased ON due (lease_until) WHERE lease_until IS NOT NULL;

        -- outbox: a key stays for ever; the body goes once it was delivered (state 1) or given up (state 2).
        CREATE TABLE outbox (
            seq         INTEGER PRIMARY KEY,
            key         TEXT NOT NULL UNIQUE,
            sink        TEXT NOT NULL,
            body        TEXT,
            added_at    INTEGER NOT NULL,
            not_before  INTEGER NOT NULL,
            attempts    INTEGER NOT NULL,
            token       INTEGER NOT NULL,
            lease_until INTEGER,
            state       INTEGER NOT NULL);
        CREATE INDEX outbox_free ON outbox (not_before, seq) WHERE state = 0 AND lease_until IS NULL;
        CREATE INDEX outbox_leased ON outbox (lease_until) WHERE state = 0 AND lease_until IS NOT NULL;

        CREATE TABLE delivery (
            source TEXT NOT NULL,
            id     TEXT NOT NULL,
            at     INTEGER NOT NULL,
            PRIMARY KEY (source, id)) WITHOUT ROWID;

        CREATE TABLE quarantine (
            seq         INTEGER PRIMARY KEY,
            id          TEXT NOT NULL UNIQUE,
            source      TEXT NOT NULL,
            kind        INTEGER NOT NULL,
            detail      TEXT NOT NULL,
            received_at INTEGER NOT NULL,
            body        BLOB NOT NULL);

        CREATE TABLE pipeline (
            name      TEXT PRIMARY KEY,
            signature TEXT NOT NULL) WITHOUT ROWID;

        -- gate: introduced_at is null for the gates of a pipeline's first version.
        CREATE TABLE gate (
            pipeline      TEXT NOT NULL REFERENCES pipeline (name),
            name          TEXT NOT NULL,
            introduced_at INTEGER,
            PRIMARY KEY (pipeline, name)) WITHOUT ROWID;

        -- changes: counts commits that changed what a load returns; token: the last fencing token given out.
        INSERT INTO meta (name, value) VALUES ('changes', 0), ('token', 0);
        """;

    private const string Second = """
        -- line_index: lines, marks and coverage as one sorted map; the engine gives the keys their meaning (docs/coverage.md).
        CREATE TABLE line_index (
            key   TEXT PRIMARY KEY,
            value TEXT NOT NULL) WITHOUT ROWID;
        """;

    private const string Third = """
        -- delivery_by_at: what is old enough to be forgotten.
        CREATE INDEX delivery_by_at ON delivery (at);
        """;

    private const string Fourth = """
        -- delivery, fact_log: ordered keys (OrderedKey). Ids of before are not kept: without them a delivery that is sent again is joined once more, with no effect.
        DROP TABLE delivery;
        CREATE TABLE delivery (
            key BLOB PRIMARY KEY,
            at  INTEGER NOT NULL) WITHOUT ROWID;
        ALTER TABLE fact_log RENAME TO fact_log_before;
        CREATE TABLE fact_log (
            key    BLOB PRIMARY KEY,
            source TEXT NOT NULL,
            at     INTEGER NOT NULL,
            json   TEXT NOT NULL) WITHOUT ROWID;

        -- Each fact moves its item to the front of the lists: two of the indexes did that again for the same rows. What is done moves no more.
        DROP INDEX item_by_update;
        DROP INDEX item_by_pipeline;
        DROP INDEX item_board;
        CREATE INDEX item_done ON item (updated_at DESC, id) WHERE is_done = 1;
        CREATE INDEX item_done_by_pipeline ON item (pipeline, updated_at DESC, id) WHERE is_done = 1;

        -- board: how many items stand where; kept up to date with the items, so that it costs the same however many were completed. '' is none.
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
        """;

    private const string Fifth = """
        -- document: small texts that parts of the system keep beside the record, each under a name of its own. With rowids: a body may be long.
        CREATE TABLE document (
            name    TEXT NOT NULL PRIMARY KEY,
            body    TEXT NOT NULL,
            version INTEGER NOT NULL);
        """;

    private const string Sixth = """
        ALTER TABLE item ADD COLUMN agent TEXT;
        ALTER TABLE item ADD COLUMN priority TEXT;

        -- board: with a number for each place, by which open items are grouped.
        ALTER TABLE board RENAME TO board_before;
        CREATE TABLE board (
            place         INTEGER PRIMARY KEY,
            pipeline      TEXT NOT NULL,
            current_gate  TEXT NOT NULL,
            furthest_gate TEXT NOT NULL,
            waiting_on    TEXT NOT NULL,
            is_done       INTEGER NOT NULL,
            is_abandoned  INTEGER NOT NULL,
            migration     TEXT NOT NULL,
            items         INTEGER NOT NULL,
            UNIQUE (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration));
        INSERT INTO board (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items)
            SELECT pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items FROM board_before WHERE items > 0;
        DROP TABLE board_before;

        -- open_item: what the board asks of the items that are neither done nor abandoned, and nothing else. Written only when one of its columns changes, which most facts do not.
        CREATE TABLE open_item (
            id            TEXT PRIMARY KEY,
            place         INTEGER NOT NULL REFERENCES board (place),
            pipeline      TEXT NOT NULL,
            current_gate  TEXT NOT NULL,
            waiting_on    TEXT,
            repository    TEXT,
            agent         TEXT,
            priority      TEXT,
            waiting_since INTEGER NOT NULL,
            next_deadline INTEGER) WITHOUT ROWID;

        -- open_text: what a search for text looks at, in lower case, of open items only: a table so narrow that all of it is read in a few milliseconds.
        CREATE TABLE open_text (
            id   TEXT PRIMARY KEY,
            text TEXT NOT NULL) WITHOUT ROWID;

        -- facet: how many open items have a repository (0), an agent (1), a priority (2).
        CREATE TABLE facet (
            kind  INTEGER NOT NULL,
            name  TEXT NOT NULL,
            items INTEGER NOT NULL,
            PRIMARY KEY (kind, name)) WITHOUT ROWID;
        """;

    // After the rows are filled: an index is built faster than kept up to date.
    private const string SixthIndexes = """
        CREATE INDEX open_board ON open_item (place, pipeline, repository, agent, priority, waiting_since, next_deadline);
        CREATE INDEX open_by_gate ON open_item (waiting_on, waiting_since, id, pipeline, current_gate, repository, agent, priority, next_deadline);
        CREATE INDEX open_by_place ON open_item (current_gate, waiting_since, id, pipeline, waiting_on, repository, agent, priority, next_deadline);
        CREATE INDEX open_by_wait ON open_item (waiting_since, id, pipeline, current_gate, waiting_on, repository, agent, priority, next_deadline);
        CREATE INDEX facet_by_items ON facet (kind, items DESC, name) WHERE items > 0;

        -- What an item can be filtered by is in the indexes that lists walk, so that what does not match costs no look at the item. Open, abandoned and done lie apart.
        DROP INDEX item_open;
        CREATE INDEX item_open ON item (updated_at DESC, id, pipeline, current_gate, waiting_on, repository, agent, priority, next_deadline) WHERE is_done = 0 AND is_abandoned = 0;
        CREATE INDEX item_abandoned ON item (updated_at DESC, id, pipeline, current_gate, waiting_on, repository, agent, priority, next_deadline) WHERE is_done = 0 AND is_abandoned = 1;
        DROP INDEX item_by_waiting;
        CREATE INDEX item_by_waiting ON item (waiting_on, updated_at DESC, id, pipeline, current_gate, repository, agent, priority, is_done, is_abandoned, next_deadline) WHERE waiting_on IS NOT NULL;
        CREATE INDEX item_done_by_repository ON item (repository, updated_at DESC, id) WHERE is_done = 1 AND repository IS NOT NULL;
        CREATE INDEX item_done_by_agent ON item (agent, updated_at DESC, id) WHERE is_done = 1 AND agent IS NOT NULL;
        CREATE INDEX item_done_by_priority ON item (priority, updated_at DESC, id) WHERE is_done = 1 AND priority IS NOT NULL;
        CREATE INDEX item_closed_by_deadline ON item (next_deadline) WHERE is_done + is_abandoned > 0 AND next_deadline IS NOT NULL;
        """;

    private const string Seventh = """
        -- link: who links to a key. What a subject links to is in its facts, which are read anyway.
        ALTER TABLE link RENAME TO link_before;
        CREATE TABLE link (
            parent TEXT NOT NULL,
            child  TEXT NOT NULL,
            PRIMARY KEY (parent, child)) WITHOUT ROWID;
        INSERT INTO link (parent, child) SELECT DISTINCT parent, child FROM link_before ORDER BY parent, child;
        DROP TABLE link_before;

        -- fact_log: in the order in which it was written, so that what a commit logs lies on few pages, whenever it happened. Only what may be there already has a key (OrderedKey).
        ALTER TABLE fact_log RENAME TO fact_log_before;
        CREATE TABLE fact_log (
            seq    INTEGER PRIMARY KEY,
            at     INTEGER NOT NULL,
            source TEXT NOT NULL,
            json   TEXT NOT NULL,
            key    BLOB);
        INSERT INTO fact_log (at, source, json) SELECT at, source, json FROM fact_log_before ORDER BY at, key;
        DROP TABLE fact_log_before;
        CREATE UNIQUE INDEX fact_log_by_key ON fact_log (key) WHERE key IS NOT NULL;
        """;

    private static void ToBoardQueries(Session session)
    {
        session.Run(Sixth);
        // Of what is closed only the two new columns are read, and only where there is something to read.
        using (var rows = session.Query("SELECT seq, json FROM item WHERE instr(json, '\"agent\":') OR instr(json, '\"priority\":')"))
            while (rows.Read())
                if (StoredJson.ReadState(rows.Bytes(1)) is var state && (state.Provenance?.Agent ?? state.Priority) is not null)
                    session.Execute("UPDATE item SET agent = ?2, priority = ?3 WHERE seq = ?1", rows.Number(0), state.Provenance?.Agent, state.Priority);
        var board = new BoardChange(session);
        using (var rows = session.Query("SELECT json FROM item INDEXED BY item_open WHERE is_done = 0"))
            while (rows.Read())
                board.Restore(StoredJson.ReadState(rows.Bytes(0)));
        board.Write();
        session.Run(SixthIndexes);
    }

    private static void ToOrderedKeys(Session session)
    {
        session.Run(Fourth);
        using (var rows = session.Query("SELECT digest, source, at, json FROM fact_log_before"))
            while (rows.Read())
                session.Execute(
                    "INSERT INTO fact_log (key, source, at, json) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO NOTHING",
                    SqlValue.Blob(OrderedKey.Of(StoredJson.ReadFact(rows.Bytes(3)), Convert.ToHexStringLower(rows.Bytes(0)))),
                    rows.Text(1),
                    rows.Number(2),
                    rows.Text(3));
        session.Run("DROP TABLE fact_log_before");
    }

    /// <summary>Checks that this code reads the file as it is, and changes nothing.</summary>
    /// <exception cref="StoreVersionException">It was written by an older or a newer version.</exception>
    public static void Check(Session session)
    {
        if (session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'") == 0 || session.NumberOrNull("SELECT max(value) FROM meta WHERE name = 'schema'") is not { } version)
            throw new InvalidOperationException($"The file {session.File} holds no record of ClosedLoop; point to the file that the service writes.");
        if (version == Version) return;
        throw new StoreVersionException(version > Version
            ? $"The file {session.File} was written by a newer version of ClosedLoop (schema {version}; this version knows up to {Version}). Nothing was changed: install the newer version."
            : $"The file {session.File} was written by an older version of ClosedLoop (schema {version}; this version reads {Version}). Nothing was changed: stop the service that writes it and run 'closedloop migrate', or start a newer service once.");
    }

    /// <summary>Brings the file up to date, within the caller's transaction.</summary>
    public static void Migrate(Session session)
    {
        long tables = session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table'");
        bool known = session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'") == 1;
        if (tables > 0 && !known)
            throw new InvalidOperationException($"The file {session.File} holds another application's tables; give ClosedLoop a file of its own.");
        if (!known) session.Run("CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID; INSERT INTO meta (name, value) VALUES ('schema', 0);");
        long version = session.Number("SELECT coalesce(max(value), -1) FROM meta WHERE name = 'schema'");
        if (version < 0)
            throw new InvalidOperationException($"The file {session.File} holds another application's tables; give ClosedLoop a file of its own.");
        if (version > Version)
            throw new StoreVersionException(
                $"The file {session.File} was written by a newer version of ClosedLoop (schema {version}; this version knows up to {Version}). Nothing was changed: install the newer version, or point this one at another file.");
        for (int next = (int)version; next < Version; next++) Migrations[next](session);
        if (version < Version) session.Run(string.Create(CultureInfo.InvariantCulture, $"UPDATE meta SET value = {Version} WHERE name = 'schema'"));
    }
}
