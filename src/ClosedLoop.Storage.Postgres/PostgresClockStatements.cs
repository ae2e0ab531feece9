using System.Globalization;

namespace ClosedLoop.Storage.Postgres;

/// <summary>The SQL of due rows and outbox messages, as <see cref="PostgresStatements"/>. Due rows change under the mark or by a claim, and claims skip what is locked, so nobody waits in a circle.</summary>
internal static class PostgresClockStatements
{
    /// <summary>$1 subjects. Primary key of due.</summary>
    public const string ReadDue = """
        SELECT found.subject, found.kind, found.due_at FROM unnest($1) AS wanted (subject)
        CROSS JOIN LATERAL (SELECT due.subject, due.kind, due.due_at FROM due WHERE due.subject = wanted.subject OFFSET 0) AS found
        """;

    /// <summary>$1 subjects, $2 kinds, $3 instants, $4 payloads. Primary key of due.</summary>
    public const string AddDue = """
        INSERT INTO due (subject, kind, due_at, attempts, token, payload)
        SELECT added.subject, added.kind, added.at, 0, 0, added.payload FROM unnest($1, $2, $3, $4) AS added (subject, kind, at, payload)
        ON CONFLICT (subject, kind) DO NOTHING
        """;

    /// <summary>
    /// $1 subjects, $2 kinds, $3 instants, $4 payloads, $5 tokens or 0, $6 modes (0 set, 1 bring forward, 3 retry). Primary key of due. Rows that
    /// the change leaves as they are, as all but the first hint of a burst does, are not written. All conditions are the statement's own, so that
    /// a row that was claimed meanwhile is judged as it is then.
    /// </summary>
    public const string ChangeDue = """
        UPDATE due SET
            due_at = CASE change.mode WHEN 0 THEN least(change.at, due.again_at) WHEN 3 THEN change.at ELSE CASE WHEN due.lease_until IS NULL THEN least(due.due_at, change.at) ELSE due.due_at END END,
            again_at = CASE WHEN change.mode <> 1 THEN NULL WHEN due.lease_until IS NULL THEN due.again_at ELSE least(due.again_at, change.at) END,
            payload = coalesce(change.payload, due.payload),
            attempts = CASE change.mode WHEN 0 THEN 0 ELSE due.attempts END,
            token = CASE change.mode WHEN 1 THEN due.token ELSE 0 END,
            lease_until = CASE change.mode WHEN 1 THEN due.lease_until END
        FROM unnest($1, $2, $3, $4, $5, $6) AS change (subject, kind, at, payload, token, mode)
        WHERE due.subject = change.subject AND due.kind = change.kind AND (change.token = 0 OR due.token = change.token) AND CASE change.mode
            WHEN 1 THEN (change.payload IS NOT NULL AND due.payload IS DISTINCT FROM change.payload)
                OR change.at < CASE WHEN due.lease_until IS NULL THEN due.due_at ELSE coalesce(due.again_at, change.at + 1) END
            ELSE due.due_at <> change.at OR due.token <> 0 OR due.attempts <> 0 OR due.lease_until IS NOT NULL OR due.again_at IS NOT NULL
                OR (change.payload IS NOT NULL AND due.payload IS DISTINCT FROM change.payload) END
        """;

    /// <summary>$1 subjects, $2 kinds, $3 tokens or 0. Primary key of due.</summary>
    public const string RemoveDue = """
        DELETE FROM due USING unnest($1, $2, $3) AS change (subject, kind, token)
        WHERE due.subject = change.subject AND due.kind = change.kind AND (change.token = 0 OR due.token = change.token)
        """;

    /// <summary>$1 subjects. Primary key of due.</summary>
    public const string RemoveDueOf = "DELETE FROM due WHERE subject = ANY ($1)";

    /// <summary>$1 keys, $2 sinks, $3 bodies, $4 instant, $5 not before. The unique index of outbox.key; numbered as given, written by key.</summary>
    public const string AddOutbox = """
        INSERT INTO outbox (seq, key, sink, body, added_at, not_before, attempts, token, state)
        SELECT seq, key, sink, body, $4, not_before, 0, 0, 0 FROM (
            SELECT nextval(pg_get_serial_sequence('outbox', 'seq')) AS seq, message.* FROM unnest($1, $2, $3, $5) AS message (key, sink, body, not_before)) AS numbered
        ORDER BY key, seq ON CONFLICT (key) DO NOTHING
        """;

    /// <summary>$1 keys, $2 tokens, $3 when to try again, $4 errors; places with neither were delivered. The unique index of outbox.key. What was given up is kept aside.</summary>
    public const string EndOutbox = """
        WITH held AS MATERIALIZED (
            SELECT outbox.seq, outbox.key, outbox.sink, outbox.body, outbox.added_at, ended.retry_at, ended.error
            FROM unnest($1, $2, $3, $4) AS ended (key, token, retry_at, error)
            JOIN outbox ON outbox.key = ended.key AND outbox.token = ended.token
            WHERE outbox.token <> 0 AND outbox.state = 0
            ORDER BY outbox.key FOR UPDATE OF outbox),
        ended AS (
            UPDATE outbox SET not_before = coalesce(held.retry_at, outbox.not_before), token = 0, lease_until = NULL,
                state = CASE WHEN held.retry_at IS NOT NULL THEN 0 WHEN held.error IS NULL THEN 1 ELSE 2 END,
                body = CASE WHEN held.retry_at IS NULL THEN NULL ELSE outbox.body END
            FROM held WHERE outbox.key = held.key)
        INSERT INTO quarantine (id, source, kind, detail, received_at, body)
        SELECT 'outbox:' || held.key, held.sink, $5, held.error, held.added_at, convert_to(held.body, 'UTF8') FROM held
        WHERE held.retry_at IS NULL AND held.error IS NOT NULL ORDER BY held.key ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>$1 subjects, $2 kinds, $3 tokens, $4 lease end. due_leased, or the primary key of due where much is held. Answers the tokens that hold.</summary>
    public const string RenewDue = """
        UPDATE due SET lease_until = $4 FROM unnest($1, $2, $3) AS claim (subject, kind, token)
        WHERE due.subject = claim.subject AND due.kind = claim.kind AND due.token = claim.token AND due.lease_until IS NOT NULL
        RETURNING due.token
        """;

    /// <summary>$1 keys, $2 tokens, $3 lease end. The unique index of outbox.key. Answers the tokens that hold.</summary>
    public const string RenewOutbox = """
        WITH held AS MATERIALIZED (
            SELECT outbox.key FROM unnest($1, $2) AS claim (key, token) JOIN outbox ON outbox.key = claim.key AND outbox.token = claim.token
            WHERE outbox.state = 0 AND outbox.lease_until IS NOT NULL
            ORDER BY outbox.key FOR UPDATE OF outbox)
        UPDATE outbox SET lease_until = $3 FROM held WHERE outbox.key = held.key RETURNING outbox.token
        """;

    /// <summary>The smallest entries of due_free, due_leased, outbox_free and outbox_leased: a held row counts at its lease's end.</summary>
    public const string NextWake = """
        SELECT least(
            (SELECT min(due_at) FROM due WHERE lease_until IS NULL), (SELECT min(lease_until) FROM due WHERE lease_until IS NOT NULL),
            (SELECT min(not_before) FROM outbox WHERE state = 0 AND lease_until IS NULL), (SELECT min(lease_until) FROM outbox WHERE state = 0 AND lease_until IS NOT NULL))
        """;

    /// <summary>$1 now, $2 lease end. due_free in its order, then due_leased for the few whose holder is gone. What is held is found again by its
    /// place: a row that moved while it was being locked is left for the next claim.</summary>
    public static string ClaimDue(int limit) => ClaimDue(limit, "");

    /// <summary>$3 kind. due_free_by_kind in its order, then due_leased.</summary>
    public static string ClaimDueOfKind(int limit) => ClaimDue(limit, " AND kind = $3");

    // The limit is part of the text: a plan that does not know it would sort the table.
    private static string ClaimDue(int limit, string ofKind) => string.Create(CultureInfo.InvariantCulture, $"""
        WITH free AS MATERIALIZED (
            SELECT ctid, subject, kind, due_at FROM due WHERE lease_until IS NULL AND due_at <= $1{ofKind} ORDER BY due_at, subject, kind LIMIT {limit} FOR UPDATE SKIP LOCKED),
        left_behind AS MATERIALIZED (
            SELECT ctid, subject, kind, due_at FROM due WHERE lease_until <= $1 AND due_at <= $1{ofKind} ORDER BY due_at, subject, kind LIMIT {limit} FOR UPDATE SKIP LOCKED),
        claimed AS MATERIALIZED (SELECT * FROM (SELECT * FROM free UNION ALL SELECT * FROM left_behind) AS both_kinds ORDER BY due_at, subject, kind LIMIT {limit})
        UPDATE due SET attempts = due.attempts + 1, token = nextval('claim_token'), lease_until = $2
        FROM claimed WHERE due.ctid = claimed.ctid
        RETURNING due.subject, due.kind, due.due_at, due.attempts, due.token, due.payload
        """);

    /// <summary>$1 now, $2 lease end. outbox_free in its order, then outbox_leased.</summary>
    public static string ClaimOutbox(int limit) => string.Create(CultureInfo.InvariantCulture, $"""
        WITH free AS MATERIALIZED (
            SELECT ctid, seq, not_before FROM outbox WHERE state = 0 AND lease_until IS NULL AND not_before <= $1 ORDER BY not_before, seq LIMIT {limit} FOR UPDATE SKIP LOCKED),
        left_behind AS MATERIALIZED (
            SELECT ctid, seq, not_before FROM outbox WHERE state = 0 AND lease_until <= $1 AND not_before <= $1 ORDER BY not_before, seq LIMIT {limit} FOR UPDATE SKIP LOCKED),
        claimed AS MATERIALIZED (SELECT * FROM (SELECT * FROM free UNION ALL SELECT * FROM left_behind) AS both_kinds ORDER BY not_before, seq LIMIT {limit})
        UPDATE outbox SET attempts = outbox.attempts + 1, token = nextval('claim_token'), lease_until = $2
        FROM claimed WHERE outbox.ctid = claimed.ctid
        RETURNING outbox.seq, outbox.key, outbox.sink, outbox.body, outbox.not_before, outbox.attempts, outbox.token
        """);
}
