namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// All SQL of the store, each statement with the index that it relies on (a test reads the query plans). Table order within a
/// transaction: document, fact, link, item, transition, due, outbox, delivery, quarantine, fact_log, meta; there is one writer, so the order
/// is for the reader's sake. Sets of keys are one parameter, a JSON array.
/// </summary>
internal static class SqliteStatements
{
    // IMMEDIATE: a transaction that starts as a reader and then writes fails when another process wrote in between.
    public const string BeginWrite = "BEGIN IMMEDIATE";

    public const string BeginRead = "BEGIN";

    /// <summary>?1 name. Primary key of meta.</summary>
    public const string ReadMeta = "SELECT value FROM meta WHERE name = ?1";

    /// <summary>?1 process id. Primary key of meta.</summary>
    public const string PutWriter = "INSERT INTO meta (name, value) VALUES ('writer', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    /// <summary>?1 name, ?2 how much. Primary key of meta.</summary>
    public const string AddToMeta = "UPDATE meta SET value = value + ?2 WHERE name = ?1 RETURNING value";

    /// <summary>
    /// ?1 keys. Primary key of link. The closure is taken a level at a time: a recursive CTE is twice as fast for one
    /// change and half as fast for the hundred keys of a busy commit (50,000 subjects; see the README).
    /// </summary>
    public const string Children = "SELECT link.child FROM json_each(?1) AS wanted CROSS JOIN link ON link.parent = wanted.value";

    /// <summary>?1 subjects. Primary key of fact.</summary>
    public const string ReadFacts = "SELECT fact.json FROM json_each(?1) AS wanted CROSS JOIN fact ON fact.subject = wanted.value";

    /// <summary>?1 limit. Primary key of fact, from its beginning.</summary>
    public const string ReadFirstFacts = "SELECT json FROM fact ORDER BY subject, kind, writer LIMIT ?1";

    /// <summary>?1 limit; ?2 subject, ?3 kind, ?4 writer. Primary key of fact.</summary>
    public const string ReadFactsAfter = "SELECT json FROM fact WHERE (subject, kind, writer) > (?2, ?3, ?4) ORDER BY subject, kind, writer LIMIT ?1";

    /// <summary>?1 key. Primary key of delivery.</summary>
    public const string KnowsDelivery = "SELECT 1 FROM delivery WHERE key = ?1";

    /// <summary>?1 ids. The unique index of item.id; primary key of due.</summary>
    public const string FindItems = $"SELECT {ItemColumns} FROM json_each(?1) AS wanted CROSS JOIN item ON item.id = wanted.value";

    /// <summary>The next probe comes from the primary key of due: subject, then a range of kinds ('probe;' follows 'probe:').</summary>
    public const string ItemColumns = """
        item.json, item.version, item.updated_at,
            (SELECT min(due.due_at) FROM due WHERE due.subject = 'item:' || item.id AND due.kind >= 'probe:' AND due.kind < 'probe;')
        """;

    /// <summary>Primary key of fact.</summary>
    public const string PutFact = """
        INSERT INTO fact (subject, kind, writer, json) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (subject, kind, writer) DO UPDATE SET json = excluded.json
        """;

    /// <summary>?1 subject, ?2 kind, ?3 writer. Primary key of fact.</summary>
    public const string ReadFact = "SELECT json FROM fact WHERE subject = ?1 AND kind = ?2 AND writer = ?3";

    /// <summary>?1 parent, ?2 child. Primary key of link.</summary>
    public const string AddLink = "INSERT INTO link (parent, child) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

    /// <summary>?1 parent, ?2 child. Primary key of link.</summary>
    public const string RemoveLink = "DELETE FROM link WHERE parent = ?1 AND child = ?2";

    /// <summary>The unique index of item.id.</summary>
    public const string PutItem = """
        INSERT INTO item (id, pipeline, title, repository, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline, version, updated_at, json, agent, priority)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT (id) DO UPDATE SET pipeline = excluded.pipeline, title = excluded.title, repository = excluded.repository,
            current_gate = excluded.current_gate, furthest_gate = excluded.furthest_gate, waiting_on = excluded.waiting_on,
            is_done = excluded.is_done, is_abandoned = excluded.is_abandoned, migration = excluded.migration,
            next_deadline = excluded.next_deadline, version = excluded.version, updated_at = excluded.updated_at, json = excluded.json,
            agent = excluded.agent, priority = excluded.priority
        """;

    /// <summary>The unique index of item.id.</summary>
    public const string RemoveItem = "DELETE FROM item WHERE id = ?1";

    /// <summary>?1 id. Primary key of due.</summary>
    public const string RemoveItemDue = "DELETE FROM due WHERE subject = 'item:' || ?1";

    public const string AddTransition = "INSERT INTO transition (item_id, json) VALUES (?1, ?2)";

    /// <summary>?1 after, ?2 limit, ?3 before. Primary key of transition.</summary>
    public const string ReadTransitions = "SELECT seq, json FROM transition WHERE seq > ?1 AND seq < ?3 ORDER BY seq LIMIT ?2";

    /// <summary>As <see cref="ReadTransitions"/>, from the end.</summary>
    public const string ReadLastTransitions = "SELECT seq, json FROM transition WHERE seq > ?1 AND seq < ?3 ORDER BY seq DESC LIMIT ?2";

    /// <summary>?4 item id. transition_by_item.</summary>
    public const string ReadTransitionsOfItem = "SELECT seq, json FROM transition INDEXED BY transition_by_item WHERE item_id = ?4 AND seq > ?1 AND seq < ?3 ORDER BY seq LIMIT ?2";

    /// <summary>As <see cref="ReadTransitionsOfItem"/>, from the end.</summary>
    public const string ReadLastTransitionsOfItem = "SELECT seq, json FROM transition INDEXED BY transition_by_item WHERE item_id = ?4 AND seq > ?1 AND seq < ?3 ORDER BY seq DESC LIMIT ?2";

    /// <summary>Primary key of due.</summary>
    public const string AddDue = """
        INSERT INTO due (subject, kind, due_at, attempts, token, payload) VALUES (?1, ?2, ?3, 0, 0, ?4) ON CONFLICT (subject, kind) DO NOTHING
        """;

    /// <summary>
    /// Primary key of due; what is there is hastened as by <see cref="BringDueForward"/>. One statement, because a build that releases 500
    /// items brings as many limits.
    /// </summary>
    public const string AddDueOrBringForward = """
        INSERT INTO due (subject, kind, due_at, attempts, token, payload) VALUES (?1, ?2, ?3, 0, 0, ?4)
        ON CONFLICT (subject, kind) DO UPDATE SET due_at = CASE WHEN lease_until IS NULL THEN min(due_at, ?3) ELSE due_at END,
            again_at = CASE WHEN lease_until IS NULL THEN again_at ELSE min(?3, coalesce(again_at, ?3)) END, payload = coalesce(?4, payload)
        WHERE ?4 IS NOT NULL OR ?3 < CASE WHEN lease_until IS NULL THEN due_at ELSE coalesce(again_at, ?3 + 1) END
        """;

    /// <summary>?3 due at, ?4 payload, ?5 token or 0. Primary key of due. The claim ends, so its holder's token is gone too.</summary>
    public const string SetDue = """
        UPDATE due SET due_at = min(?3, coalesce(again_at, ?3)), again_at = NULL, payload = coalesce(?4, payload), attempts = 0, token = 0, lease_until = NULL
        WHERE subject = ?1 AND kind = ?2 AND (?5 = 0 OR token = ?5)
        """;

    /// <summary>As SetDue; attempts stay, and no hint hastens it: its source may have asked for the time.</summary>
    public const string RetryDue = """
        UPDATE due SET due_at = ?3, again_at = NULL, payload = coalesce(?4, payload), token = 0, lease_until = NULL
        WHERE subject = ?1 AND kind = ?2 AND (?5 = 0 OR token = ?5)
        """;

    /// <summary>
    /// As SetDue; the claim and the attempts stay, and while there is a claim the time is kept for its end. A hint that hastens nothing,
    /// as all but the first of a burst, writes nothing.
    /// </summary>
    public const string BringDueForward = """
        UPDATE due SET due_at = CASE WHEN lease_until IS NULL THEN min(due_at, ?3) ELSE due_at END,
            again_at = CASE WHEN lease_until IS NULL THEN again_at ELSE min(?3, coalesce(again_at, ?3)) END, payload = coalesce(?4, payload)
        WHERE subject = ?1 AND kind = ?2 AND (?5 = 0 OR token = ?5)
            AND (?4 IS NOT NULL OR ?3 < CASE WHEN lease_until IS NULL THEN due_at ELSE coalesce(again_at, ?3 + 1) END)
        """;

    /// <summary>?3 token or 0. Primary key of due.</summary>
    public const string RemoveDue = "DELETE FROM due WHERE subject = ?1 AND kind = ?2 AND (?3 = 0 OR token = ?3)";

    /// <summary>?1 now, ?2 limit. due_free in its order, then due_leased for the few whose holder is gone.</summary>
    public const string DueRows = """
        SELECT subject, kind, due_at, attempts, payload FROM (
            SELECT * FROM (SELECT subject, kind, due_at, attempts, payload FROM due INDEXED BY due_free
                WHERE lease_until IS NULL AND due_at <= ?1 ORDER BY due_at, subject, kind LIMIT ?2)
            UNION ALL
            SELECT * FROM (SELECT subject, kind, due_at, attempts, payload FROM due INDEXED BY due_leased
                WHERE lease_until <= ?1 AND due_at <= ?1 ORDER BY due_at, subject, kind LIMIT ?2))
        ORDER BY due_at, subject, kind LIMIT ?2
        """;

    /// <summary>?3 kind. due_free_by_kind in its order, then due_leased.</summary>
    public const string DueRowsOfKind = """
        SELECT subject, kind, due_at, attempts, payload FROM (
            SELECT * FROM (SELECT subject, kind, due_at, attempts, payload FROM due INDEXED BY due_free_by_kind
                WHERE lease_until IS NULL AND kind = ?3 AND due_at <= ?1 ORDER BY due_at, subject LIMIT ?2)
            UNION ALL
            SELECT * FROM (SELECT subject, kind, due_at, attempts, payload FROM due INDEXED BY due_leased
                WHERE lease_until <= ?1 AND kind = ?3 AND due_at <= ?1 ORDER BY due_at, subject LIMIT ?2))
        ORDER BY due_at, subject LIMIT ?2
        """;

    /// <summary>?1 subjects. Primary key of due.</summary>
    public const string ReadDue = "SELECT due.subject, due.kind, due.due_at FROM json_each(?1) AS wanted CROSS JOIN due ON due.subject = wanted.value";

    /// <summary>?3 token, ?4 lease end. Primary key of due.</summary>
    public const string LeaseDue = "UPDATE due SET attempts = attempts + 1, token = ?3, lease_until = ?4 WHERE subject = ?1 AND kind = ?2";

    /// <summary>?3 token, ?4 lease end. Primary key of due.</summary>
    public const string RenewDue = "UPDATE due SET lease_until = ?4 WHERE subject = ?1 AND kind = ?2 AND token = ?3 AND lease_until IS NOT NULL";

    /// <summary>?2 token, ?3 lease end. The unique index of outbox.key.</summary>
    public const string RenewOutbox = "UPDATE outbox SET lease_until = ?3 WHERE key = ?1 AND token = ?2 AND state = 0 AND lease_until IS NOT NULL";

    /// <summary>The unique index of outbox.key.</summary>
    public const string AddOutbox = """
        INSERT INTO outbox (key, sink, body, added_at, not_before, attempts, token, state) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0) ON CONFLICT (key) DO NOTHING
        """;

    /// <summary>?1 now, ?2 limit. outbox_free in its order, then outbox_leased.</summary>
    public const string OutboxRows = """
        SELECT seq, key, sink, body, not_before, attempts FROM (
            SELECT * FROM (SELECT seq, key, sink, body, not_before, attempts FROM outbox INDEXED BY outbox_free
                WHERE state = 0 AND lease_until IS NULL AND not_before <= ?1 ORDER BY not_before, seq LIMIT ?2)
            UNION ALL
            SELECT * FROM (SELECT seq, key, sink, body, not_before, attempts FROM outbox INDEXED BY outbox_leased
                WHERE state = 0 AND lease_until <= ?1 AND not_before <= ?1 ORDER BY not_before, seq LIMIT ?2))
        ORDER BY not_before, seq LIMIT ?2
        """;

    /// <summary>?1 seq, ?2 token, ?3 lease end. Primary key of outbox.</summary>
    public const string LeaseOutbox = "UPDATE outbox SET attempts = attempts + 1, token = ?2, lease_until = ?3 WHERE seq = ?1";

    /// <summary>?1 key, ?2 token. The unique index of outbox.key.</summary>
    public const string ReadOutbox = "SELECT seq, sink, body, added_at FROM outbox WHERE key = ?1 AND token = ?2 AND token <> 0 AND state = 0";

    /// <summary>?1 seq, ?2 when to try again. Primary key of outbox.</summary>
    public const string RetryOutbox = "UPDATE outbox SET not_before = ?2, token = 0, lease_until = NULL WHERE seq = ?1";

    /// <summary>?1 seq, ?2 state. Primary key of outbox.</summary>
    public const string EndOutbox = "UPDATE outbox SET state = ?2, body = NULL, token = 0, lease_until = NULL WHERE seq = ?1";

    /// <summary>The smallest entries of due_free, due_leased, outbox_free and outbox_leased: a held row counts at its lease's end.</summary>
    public const string NextWake = """
        SELECT min(at) FROM (
            SELECT min(due_at) AS at FROM due INDEXED BY due_free WHERE lease_until IS NULL
            UNION ALL SELECT min(lease_until) FROM due INDEXED BY due_leased WHERE lease_until IS NOT NULL
            UNION ALL SELECT min(not_before) FROM outbox INDEXED BY outbox_free WHERE state = 0 AND lease_until IS NULL
            UNION ALL SELECT min(lease_until) FROM outbox INDEXED BY outbox_leased WHERE state = 0 AND lease_until IS NOT NULL)
        """;

    /// <summary>?1 from, ?2 to, ?3 limit (-1: all). Primary key of line_index: a range of it, in its order.</summary>
    public const string ScanIndex = "SELECT key, value FROM line_index WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3";

    /// <summary>?1 pairs of from and to. Primary key of line_index, once for each pair: one statement for the 500 items that a build releases.</summary>
    public const string ScanIndexRanges = """
        SELECT wanted.key, line_index.key, line_index.value
        FROM json_each(?1) AS wanted CROSS JOIN line_index ON line_index.key >= json_extract(wanted.value, '$[0]') AND line_index.key < json_extract(wanted.value, '$[1]')
        ORDER BY wanted.key, line_index.key
        """;

    /// <summary>As <see cref="ScanIndex"/>, from the end.</summary>
    public const string ScanIndexDescending = "SELECT key, value FROM line_index WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3";

    /// <summary>Primary key of line_index.</summary>
    public const string PutIndex = "INSERT INTO line_index (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

    /// <summary>Primary key of line_index.</summary>
    public const string RemoveIndex = "DELETE FROM line_index WHERE key = ?1";

    /// <summary>?1 name. Primary key of document.</summary>
    public const string DocumentVersion = "SELECT version FROM document WHERE name = ?1";

    /// <summary>?1 name, ?2 body, ?3 version. Primary key of document.</summary>
    public const string PutDocument = "INSERT INTO document (name, body, version) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET body = excluded.body, version = excluded.version";

    /// <summary>?1 name. Primary key of document.</summary>
    public const string RemoveDocument = "DELETE FROM document WHERE name = ?1";

    /// <summary>?1 from, ?2 to, ?3 limit, ?4 the name that was read last. Primary key of document: a range of it, in its order.</summary>
    public const string ReadDocuments = "SELECT name, body, version FROM document WHERE name >= ?1 AND name < ?2 AND name <> ?4 ORDER BY name LIMIT ?3";

    /// <summary>Primary key of delivery.</summary>
    public const string AddDelivery = "INSERT INTO delivery (key, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

    /// <summary>The unique index of quarantine.id.</summary>
    public const string AddQuarantine = """
        INSERT INTO quarantine (id, source, kind, detail, received_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>?1 limit. Primary key of quarantine, backwards.</summary>
    public const string ReadQuarantine = "SELECT id, source, kind, detail, received_at, body FROM quarantine ORDER BY seq DESC LIMIT ?1";

    /// <summary>?4 key, null when it cannot be there. fact_log_by_key.</summary>
    public const string AddLog = "INSERT INTO fact_log (at, source, json, key) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING";

    /// <summary>?1 before, ?2 limit, ?3 the least key of that instant. Primary key of delivery: only what happened before is looked at.</summary>
    public const string PurgeDeliveries = "DELETE FROM delivery WHERE key IN (SELECT key FROM delivery WHERE key < ?3 AND at < ?1 ORDER BY key LIMIT ?2)";

    /// <summary>?1 before, ?2 limit. Primary key of fact_log: its rows are in the order in which they were written, so only the oldest are looked at.</summary>
    public const string PurgeLog = "DELETE FROM fact_log WHERE seq < (SELECT min(seq) FROM fact_log) + ?2 AND at < ?1";

    /// <summary>?1 before, ?2 limit. Primary key of quarantine; a table that stays small.</summary>
    public const string PurgeQuarantine = "DELETE FROM quarantine WHERE seq IN (SELECT seq FROM quarantine WHERE received_at < ?1 ORDER BY seq LIMIT ?2)";

    /// <summary>Primary key of pipeline.</summary>
    public const string ReadSignature = "SELECT signature FROM pipeline WHERE name = ?1";

    /// <summary>Primary key of pipeline.</summary>
    public const string AddPipeline = "INSERT INTO pipeline (name, signature) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";

    /// <summary>Primary key of pipeline.</summary>
    public const string ConfirmPipeline = "UPDATE pipeline SET signature = ?2 WHERE name = ?1";

    /// <summary>Primary key of gate.</summary>
    public const string AddGate = "INSERT INTO gate (pipeline, name, introduced_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

    /// <summary>The whole table: as many rows as pipelines have gates.</summary>
    public const string ReadIntroductions = "SELECT pipeline, name, introduced_at FROM gate WHERE introduced_at IS NOT NULL";

    /// <summary>The whole table, by its unique index: as many rows as there are places where items stand.</summary>
    public const string Board = """
        SELECT place, pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items FROM board WHERE items > 0
        ORDER BY pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration
        """;

    /// <summary>?1 now. item_closed_by_deadline, which holds only what still has a limit although it is done or abandoned.</summary>
    public const string ClosedOverdue = """
        SELECT pipeline, coalesce(current_gate, ''), coalesce(furthest_gate, ''), coalesce(waiting_on, ''), is_done, is_abandoned, coalesce(migration, ''), count(*)
        FROM item INDEXED BY item_closed_by_deadline WHERE is_done + is_abandoned > 0 AND next_deadline < ?1 GROUP BY 1, 2, 3, 4, 5, 6, 7
        """;

    /// <summary>?1 id. The unique index of item.id; primary key of open_item.</summary>
    public const string ReadPlace = """
        SELECT item.pipeline, coalesce(item.current_gate, ''), coalesce(item.furthest_gate, ''), coalesce(item.waiting_on, ''), item.is_done, item.is_abandoned, coalesce(item.migration, ''),
            open_item.repository, open_item.agent, open_item.priority, open_item.waiting_since, open_item.next_deadline, item.title
        FROM item LEFT JOIN open_item ON open_item.id = item.id WHERE item.id = ?1
        """;

    /// <summary>?1 to ?7 the place, ?8 how many more or fewer. The unique index of board. Answers the place's number.</summary>
    public const string AddToBoard = """
        INSERT INTO board (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration) DO UPDATE SET items = items + excluded.items RETURNING place
        """;

    /// <summary>?1 kind, ?2 name, ?3 how many more or fewer. Primary key of facet.</summary>
    public const string AddToFacet = "INSERT INTO facet (kind, name, items) VALUES (?1, ?2, ?3) ON CONFLICT (kind, name) DO UPDATE SET items = items + excluded.items";

    /// <summary>?1 kind, ?2 limit. facet_by_items, which holds only what open items have.</summary>
    public const string Facets = "SELECT name, items FROM facet INDEXED BY facet_by_items WHERE kind = ?1 AND items > 0 ORDER BY items DESC, name LIMIT ?2";

    /// <summary>The columns of open_item. Its primary key.</summary>
    public const string PutOpen = """
        INSERT INTO open_item (id, place, pipeline, current_gate, waiting_on, repository, agent, priority, waiting_since, next_deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (id) DO UPDATE SET place = excluded.place, pipeline = excluded.pipeline, current_gate = excluded.current_gate, waiting_on = excluded.waiting_on, repository = excluded.repository,
            agent = excluded.agent, priority = excluded.priority, waiting_since = excluded.waiting_since, next_deadline = excluded.next_deadline
        """;

    /// <summary>?1 id. Primary key of open_item.</summary>
    public const string RemoveOpen = "DELETE FROM open_item WHERE id = ?1";

    /// <summary>?1 id, ?2 text. Primary key of open_text.</summary>
    public const string PutOpenText = "INSERT INTO open_text (id, text) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET text = excluded.text";

    /// <summary>?1 id. Primary key of open_text.</summary>
    public const string RemoveOpenText = "DELETE FROM open_text WHERE id = ?1";

    /// <summary>?1 instant, ?2 limit. item_by_deadline, until enough are counted.</summary>
    public const string CountOverdue = "SELECT count(*) FROM (SELECT 1 FROM item INDEXED BY item_by_deadline WHERE next_deadline < ?1 LIMIT ?2)";

    /// <summary>?1 text, ?2 limit. The narrow table of open items' texts, from its beginning until enough are found.</summary>
    public const string FindText = "SELECT id FROM open_text WHERE instr(text, ?1) LIMIT ?2";

    /// <summary>open_board from end to end: it holds every column that is read, of open items only, in the order of the groups.</summary>
    public static (string Sql, SqlValue[] Values) CountOpen(BoardQuery query, long now)
    {
        List<SqlValue> values = [now];
        List<string> conditions = [];
        Add("pipeline", query.Pipeline);
        Add("repository", query.Repository);
        Add("agent", query.Agent);
        Add("priority", query.Priority);
        string where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return ($"SELECT place, count(*), sum(next_deadline IS NOT NULL AND next_deadline < ?1), min(waiting_since) FROM open_item INDEXED BY open_board{where} GROUP BY place", [.. values]);

        void Add(string column, string? value)
        {
            if (value is null) return;
            values.Add(value);
            conditions.Add($"{column} = ?{values.Count}");
        }
    }
}
