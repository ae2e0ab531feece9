namespace ClosedLoop.Storage.Postgres;

/// <summary>
/// The SQL of the store, each statement with the index that it relies on (a test reads the query plans of loaded tables). Sets are arrays,
/// so that a statement stays the same for any count. Lock order within a transaction: the mark in meta, document, fact, link, item, line_index, transition,
/// due, outbox, delivery, quarantine, fact_log; within a table by key. <c>LATERAL … OFFSET 0</c> keeps a search a search: without statistics the
/// planner would rather read a table.
/// </summary>
internal static class PostgresStatements
{
    /// <summary>Primary key of meta. Another mark than $1 runs into the check that is named after it; $2 is 1 when the commit changes what a load returns.</summary>
    public const string TakeMark = "UPDATE meta SET value = CASE WHEN value = $1 THEN value + $2 ELSE -1 END WHERE name = 'changes' RETURNING value";

    /// <summary>Primary key of meta.</summary>
    public const string AdvanceMark = "UPDATE meta SET value = value + 1 WHERE name = 'changes' RETURNING value";

    /// <summary>How long a turn may be idle: far longer than a fold takes, and short enough that a node that hangs holds nobody up for long.</summary>
    public const string LimitTurn = "SELECT set_config('idle_in_transaction_session_timeout', '5000', true)";

    /// <summary>A turn: whoever waits for it is served in the order of coming, which a row lock alone does not promise.</summary>
    public const string QueueForTurn = "SELECT pg_advisory_xact_lock(1129071696, 2)";

    /// <summary>For the rest of the transaction, where it cannot be set at the start: compiling a plan takes far longer than running it.</summary>
    public const string NoJit = "SELECT set_config('jit', 'off', true)";

    /// <summary>Primary key of meta. Holds the mark, so that nobody else's commit is between a load and its commit.</summary>
    public const string HoldMark = "SELECT value FROM meta WHERE name = 'changes' FOR UPDATE";

    /// <summary>Primary key of meta.</summary>
    public const string ReadMark = "SELECT value FROM meta WHERE name = 'changes'";

    /// <summary>
    /// $1 subjects and targets, $2 subjects. Primary keys of link, fact and item, link_by_parent, primary key of due. Everything above the keys;
    /// everything below the subjects and the items and changes among that; a change and the item that stands for it come together. One
    /// statement sees one state, the mark included. That a key lies between '' and '~' is always so (it begins with a lower-case letter, a digit or '-') and is there
    /// for the planner, which takes such a pair for very selective: else it expects tens of thousands of keys of a recursion, and each execution begins with
    /// clearing megabytes of hash tables for them.
    /// </summary>
    public const string Load = """
        WITH RECURSIVE above (key) AS (
            SELECT wanted.key COLLATE "C" FROM unnest($1) AS wanted (key)
            UNION
            SELECT next.key FROM above CROSS JOIN LATERAL (
                SELECT * FROM (SELECT link.parent FROM link WHERE link.child = above.key OFFSET 0) AS up
                UNION ALL SELECT 'item:' || above.key WHERE starts_with(above.key, 'pr:')
                UNION ALL SELECT substr(above.key, 6) WHERE starts_with(above.key, 'item:pr:')) AS next (key)
            WHERE above.key >= '' AND above.key < '~'),
        below (key) AS (
            SELECT root.key COLLATE "C" FROM (SELECT unnest($2) UNION ALL SELECT above.key FROM above WHERE starts_with(above.key, 'item:') OR starts_with(above.key, 'pr:')) AS root (key)
            UNION
            SELECT next.key FROM below CROSS JOIN LATERAL (
                SELECT * FROM (SELECT link.child FROM link WHERE link.parent = below.key OFFSET 0) AS down
                UNION ALL SELECT 'item:' || below.key WHERE starts_with(below.key, 'pr:')
                UNION ALL SELECT substr(below.key, 6) WHERE starts_with(below.key, 'item:pr:')) AS next (key)
            WHERE below.key >= '' AND below.key < '~'),
        found (key) AS MATERIALIZED (SELECT key FROM above UNION SELECT key FROM below)
        SELECT NULL::text AS json, meta.value AS version, NULL::bigint AS updated_at, NULL::bigint AS next_probe_at FROM meta WHERE meta.name = 'changes'
        UNION ALL
        SELECT register.json, NULL, NULL, NULL FROM found CROSS JOIN LATERAL (SELECT fact.json FROM fact WHERE fact.subject = found.key OFFSET 0) AS register
        UNION ALL
        SELECT stored.* FROM (SELECT substr(found.key, 6) AS id FROM found WHERE starts_with(found.key, 'item:')) AS wanted
        """ + " CROSS JOIN LATERAL (SELECT " + ItemColumns + " FROM item WHERE item.id = wanted.id OFFSET 0) AS stored";

    /// <summary>$1 sources, $2 ids. Primary key of delivery. Answers places in the arrays, from 1.</summary>
    public const string KnownDeliveries = """
        SELECT wanted.place FROM unnest($1, $2) WITH ORDINALITY AS wanted (source, id, place)
        CROSS JOIN LATERAL (SELECT 1 FROM delivery WHERE delivery.source = wanted.source AND delivery.id = wanted.id OFFSET 0) AS known
        """;

    /// <summary>$1 ids. Primary keys of item and due.</summary>
    public const string FindItems = "SELECT stored.* FROM unnest($1) AS wanted (id) CROSS JOIN LATERAL (SELECT " + ItemColumns + " FROM item WHERE item.id = wanted.id OFFSET 0) AS stored";

    /// <summary>The next probe comes from the primary key of due: subject, then a range of kinds ('probe;' follows 'probe:').</summary>
    public const string ItemColumns = """
        item.json, item.version, item.updated_at,
            (SELECT min(due.due_at) FROM due WHERE due.subject = 'item:' || item.id AND due.kind >= 'probe:' AND due.kind < 'probe;')
        """;

    /// <summary>$1 subjects, $2 kinds, $3 writers, $4 texts. Primary key of fact.</summary>
    public const string PutFacts = """
        INSERT INTO fact (subject, kind, writer, json) SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (subject, kind, writer) DO UPDATE SET json = excluded.json
        """;

    /// <summary>$1 to $3 registers; $4 to $7 links to keep. Primary key of link. Only what differs is written: a build of 500 commits reports several times.</summary>
    public const string DropLinks = """
        WITH present AS MATERIALIZED (
            SELECT old.* FROM unnest($1, $2, $3) AS register (child, kind, writer) CROSS JOIN LATERAL (
                SELECT link.child, link.kind, link.writer, link.parent FROM link
                WHERE link.child = register.child AND link.kind = register.kind AND link.writer = register.writer OFFSET 0) AS old),
        gone AS MATERIALIZED (SELECT * FROM present EXCEPT SELECT * FROM unnest($4, $5, $6, $7))
        DELETE FROM link USING gone WHERE link.child = gone.child AND link.kind = gone.kind AND link.writer = gone.writer AND link.parent = gone.parent
        """;

    /// <summary>$1 children, $2 kinds, $3 writers, $4 parents. Primary key of link.</summary>
    public const string AddLinks = "INSERT INTO link (child, kind, writer, parent) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    /// <summary>The columns of item, in their order. Primary key of item.</summary>
    public const string PutItems = """
        INSERT INTO item (id, pipeline, title, repository, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline, version, updated_at, json, agent, priority)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (id) DO UPDATE SET pipeline = excluded.pipeline, title = excluded.title, repository = excluded.repository,
            current_gate = excluded.current_gate, furthest_gate = excluded.furthest_gate, waiting_on = excluded.waiting_on,
            is_done = excluded.is_done, is_abandoned = excluded.is_abandoned, migration = excluded.migration,
            next_deadline = excluded.next_deadline, version = excluded.version, updated_at = excluded.updated_at, json = excluded.json,
            agent = excluded.agent, priority = excluded.priority
        """;

    /// <summary>$1 ids. Primary key of item.</summary>
    public const string RemoveItems = "DELETE FROM item WHERE id = ANY ($1)";

    /// <summary>$1 keys, $2 values. Primary key of line_index.</summary>
    public const string PutIndex = "INSERT INTO line_index (key, value) SELECT * FROM unnest($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

    /// <summary>$1 keys. Primary key of line_index.</summary>
    public const string RemoveIndex = "DELETE FROM line_index WHERE key = ANY ($1)";

    /// <summary>$1 from, $2 to, $3 limits (null: all). Primary key of line_index, once for each range, in its order. Answers places in the arrays, from 1.</summary>
    public const string ScanIndex = """
        SELECT wanted.place, found.key, found.value FROM unnest($1, $2, $3) WITH ORDINALITY AS wanted (start, stop, most, place)
        CROSS JOIN LATERAL (SELECT key, value FROM line_index WHERE key >= wanted.start AND key < wanted.stop ORDER BY key LIMIT wanted.most) AS found
        """;

    /// <summary>As <see cref="ScanIndex"/>, from the end.</summary>
    public const string ScanIndexDescending = """
        SELECT wanted.place, found.key, found.value FROM unnest($1, $2, $3) WITH ORDINALITY AS wanted (start, stop, most, place)
        CROSS JOIN LATERAL (SELECT key, value FROM line_index WHERE key >= wanted.start AND key < wanted.stop ORDER BY key DESC LIMIT wanted.most) AS found
        """;

    /// <summary>
    /// $1 names in their order, $2 bodies (null: remove), $3 versions that were read (0: none). Primary key of document. Takes one name after the other, by
    /// locking its row or by adding it, so that no two commits wait for each other; a row that is not as it was read adds one that runs into the check.
    /// </summary>
    public const string ChangeDocuments = """
        WITH change AS MATERIALIZED (
            SELECT wanted.*, held.version AS stored, held.version IS DISTINCT FROM nullif(wanted.version, 0) AS stale
            FROM unnest($1, $2, $3) AS wanted (name, body, version)
            LEFT JOIN LATERAL (SELECT document.version FROM document WHERE document.name = wanted.name FOR UPDATE) AS held ON true),
        removed AS (DELETE FROM document WHERE name = ANY (ARRAY (SELECT name FROM change WHERE body IS NULL))),
        replaced AS (
            UPDATE document SET body = change.body, version = change.version + 1 FROM change
            WHERE document.name = ANY (ARRAY (SELECT name FROM change WHERE body IS NOT NULL AND NOT stale AND stored IS NOT NULL)) AND document.name = change.name)
        INSERT INTO document (name, body, version)
        SELECT name, coalesce(body, ''), CASE WHEN stale THEN -1 ELSE 1 END FROM change WHERE stale OR (stored IS NULL AND body IS NOT NULL)
        """;

    /// <summary>$1 from, $2 to, $3 limit, $4 the name that was read last. Primary key of document, in its order.</summary>
    public const string ReadDocuments = "SELECT name, body, version FROM document WHERE name >= $1 AND name < $2 AND name <> $4 ORDER BY name LIMIT $3";

    /// <summary>$1 how many, $2 item ids, $3 texts. Primary key of meta; the row stays locked until the commit, so numbers have no gap and become visible in order.</summary>
    public const string AddTransitions = """
        WITH last AS (UPDATE meta SET value = value + $1 WHERE name = 'transition' RETURNING value)
        INSERT INTO transition (seq, item_id, json)
        SELECT last.value - $1 + log.place, log.item_id, log.json FROM last CROSS JOIN unnest($2, $3) WITH ORDINALITY AS log (item_id, json, place)
        """;

    /// <summary>$1 subjects. Primary key of fact.</summary>
    public const string ReadSubjects = "SELECT register.json FROM unnest($1) AS wanted (subject) CROSS JOIN LATERAL (SELECT fact.json FROM fact WHERE fact.subject = wanted.subject OFFSET 0) AS register";

    /// <summary>$1 limit. Primary key of fact, from its beginning.</summary>
    public const string ReadFirstFacts = "SELECT json FROM fact ORDER BY subject, kind, writer LIMIT $1";

    /// <summary>$1 limit; $2 subject, $3 kind, $4 writer. Primary key of fact.</summary>
    public const string ReadFactsAfter = "SELECT json FROM fact WHERE (subject, kind, writer) > ($2, $3, $4) ORDER BY subject, kind, writer LIMIT $1";

    /// <summary>$1 after, $2 limit, $3 before. Primary key of transition.</summary>
    public const string ReadTransitions = "SELECT seq, json FROM transition WHERE seq > $1 AND seq < $3 ORDER BY seq LIMIT $2";

    /// <summary>As <see cref="ReadTransitions"/>, from the end.</summary>
    public const string ReadLastTransitions = "SELECT seq, json FROM transition WHERE seq > $1 AND seq < $3 ORDER BY seq DESC LIMIT $2";

    /// <summary>$4 item id. transition_by_item.</summary>
    public const string ReadTransitionsOfItem = "SELECT seq, json FROM transition WHERE item_id = $4 AND seq > $1 AND seq < $3 ORDER BY item_id, seq LIMIT $2";

    /// <summary>As <see cref="ReadTransitionsOfItem"/>, from the end.</summary>
    public const string ReadLastTransitionsOfItem = "SELECT seq, json FROM transition WHERE item_id = $4 AND seq > $1 AND seq < $3 ORDER BY item_id DESC, seq DESC LIMIT $2";

    /// <summary>$1 sources, $2 ids, $3 instant. Primary key of delivery.</summary>
    public const string AddDeliveries = "INSERT INTO delivery (source, id, at) SELECT taken.source, taken.id, $3 FROM unnest($1, $2) AS taken (source, id) ON CONFLICT DO NOTHING";

    /// <summary>The unique index of quarantine.id; numbered as given, written by id.</summary>
    public const string AddQuarantine = """
        INSERT INTO quarantine (seq, id, source, kind, detail, received_at, body)
        SELECT * FROM (SELECT nextval(pg_get_serial_sequence('quarantine', 'seq')) AS seq, kept.* FROM unnest($1, $2, $3, $4, $5, $6) AS kept (id, source, kind, detail, received_at, body)) AS numbered
        ORDER BY id, seq ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>$1 limit. Primary key of quarantine, backwards.</summary>
    public const string ReadQuarantine = "SELECT id, source, kind, detail, received_at, body FROM quarantine ORDER BY seq DESC LIMIT $1";

    /// <summary>$1 sources, $2 texts, $3 instant.</summary>
    public const string AddNewsToLog = "INSERT INTO fact_log (source, at, json) SELECT logged.source, $3, logged.json FROM unnest($1, $2) AS logged (source, json)";

    /// <summary>$1 digests, $2 sources, $3 texts, $4 instant. fact_log_by_digest.</summary>
    public const string AddLog = "INSERT INTO fact_log (digest, source, at, json) SELECT logged.digest, logged.source, $4, logged.json FROM unnest($1, $2, $3) AS logged (digest, source, json) ON CONFLICT (digest) WHERE digest IS NOT NULL DO NOTHING";

    /// <summary>$1 before, $2 limit. delivery_by_at.</summary>
    public const string PurgeDeliveries = "DELETE FROM delivery WHERE ctid = ANY (ARRAY (SELECT ctid FROM delivery WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))";

    /// <summary>$1 before, $2 limit. Primary key of fact_log: its rows are nearly in the order in which they were written, so only the oldest are looked at.</summary>
    public const string PurgeLog = "DELETE FROM fact_log WHERE seq = ANY (ARRAY (SELECT seq FROM (SELECT seq, at FROM fact_log ORDER BY seq LIMIT $2) AS oldest WHERE at < $1))";

    /// <summary>$1 before, $2 limit. Primary key of quarantine; a table that stays small.</summary>
    public const string PurgeQuarantine = "DELETE FROM quarantine WHERE seq = ANY (ARRAY (SELECT seq FROM quarantine WHERE received_at < $1 ORDER BY seq LIMIT $2))";

    /// <summary>Nodes that start at once register one after the other.</summary>
    public const string LockPipelines = "SELECT pg_advisory_xact_lock(1129071696, 3)";

    /// <summary>$1 names. Primary key of pipeline.</summary>
    public const string ReadSignatures = "SELECT name, signature FROM pipeline WHERE name = ANY ($1)";

    /// <summary>$1 names, $2 signatures. Primary key of pipeline.</summary>
    public const string AddPipelines = "INSERT INTO pipeline (name, signature) SELECT * FROM unnest($1, $2) ON CONFLICT (name) DO NOTHING";

    /// <summary>$1 names, $2 signatures. Primary key of pipeline.</summary>
    public const string ConfirmPipelines = "UPDATE pipeline SET signature = confirmed.signature FROM unnest($1, $2) AS confirmed (name, signature) WHERE pipeline.name = confirmed.name";

    /// <summary>$1 pipelines, $2 names, $3 instants. Primary key of gate.</summary>
    public const string AddGates = "INSERT INTO gate (pipeline, name, introduced_at) SELECT * FROM unnest($1, $2, $3) ON CONFLICT DO NOTHING";

    /// <summary>The whole table: as many rows as pipelines have gates.</summary>
    public const string ReadIntroductions = "SELECT pipeline, name, introduced_at FROM gate WHERE introduced_at IS NOT NULL";

    /// <summary>One hint for each commit, without a payload: whoever hears it looks for himself.</summary>
    public const string Notify = "NOTIFY " + Channel;

    public const string Listen = "LISTEN " + Channel;

    private const string Channel = "closedloop";
}
