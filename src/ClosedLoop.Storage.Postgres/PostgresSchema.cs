using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace ClosedLoop.Storage.Postgres;

/// <summary>
/// The tables, and how databases of older versions come up to date. Forward only: a script that was released is never changed, a new
/// one is appended.
/// </summary>
/// <remarks>
/// Instants are whole ticks (100 ns) of UTC since the year 1, as DateTimeOffset counts them, so that they come back exactly as they
/// went in. Keys and names compare by bytes (<c>COLLATE "C"</c>), which for the characters that keys may hold is the order of their .NET text.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>The version that this code reads and writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>The name of the check that a commit on a stale load runs into.</summary>
    public const string StaleCheck = "record_changed_since_it_was_loaded";

    /// <summary>The name of the check that a commit runs into when a document is not as it was read.</summary>
    public const string DocumentCheck = "document_changed_since_it_was_read";

    /// <summary>The primary key of the documents, which a commit runs into when another one has added the same document meanwhile.</summary>
    public const string DocumentKey = "document_pkey";

    // Nodes that start at once migrate one after the other; the second finds nothing to do. Two numbers of this library's own.
    private const string Lock = "SELECT pg_advisory_xact_lock(1129071696, 1)";

    private static readonly string[] Migrations = [First, Second, Third, Fourth];

    private const string First = $"""
        -- The mark cannot be negative: a commit that finds another mark than the one it was folded from sets it so, and is refused as a whole.
        ALTER TABLE meta ADD CONSTRAINT {StaleCheck} CHECK (value >= 0);

        -- fact: the present register of a (subject, kind, writer). Room in its pages lets an update stay on its page.
        CREATE TABLE fact (
            subject text COLLATE "C" NOT NULL,
            kind    text COLLATE "C" NOT NULL,
            writer  text COLLATE "C" NOT NULL,
            json    text NOT NULL,
            PRIMARY KEY (subject, kind, writer)) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

        -- link: belongs to the register that makes it, so that replacing one register takes away only its own links.
        CREATE TABLE link (
            child  text COLLATE "C" NOT NULL,
            kind   text COLLATE "C" NOT NULL,
            writer text COLLATE "C" NOT NULL,
            parent text COLLATE "C" NOT NULL,
            PRIMARY KEY (child, kind, writer, parent));
        CREATE INDEX link_by_parent ON link (parent, child);

        -- fact_log: every observation once, by the digest of its content; append-only.
        CREATE TABLE fact_log (
            seq    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            digest bytea NOT NULL UNIQUE,
            source text NOT NULL,
            at     bigint NOT NULL,
            json   text NOT NULL);

        CREATE TABLE item (
            id            text COLLATE "C" PRIMARY KEY,
            pipeline      text COLLATE "C" NOT NULL,
            title         text,
            repository    text,
            current_gate  text COLLATE "C",
            furthest_gate text COLLATE "C",
            waiting_on    text COLLATE "C",
            is_done       boolean NOT NULL,
            is_abandoned  boolean NOT NULL,
            migration     text COLLATE "C",
            next_deadline bigint,
            version       bigint NOT NULL,
            updated_at    bigint NOT NULL,
            json          text NOT NULL) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
        CREATE INDEX item_by_update ON item (updated_at DESC, id);
        CREATE INDEX item_by_pipeline ON item (pipeline, updated_at DESC, id);
        -- Partial: lists of what is open stay as fast as they are, however many items were completed.
        CREATE INDEX item_open ON item (updated_at DESC, id) WHERE NOT is_done;
        CREATE INDEX item_by_waiting ON item (waiting_on, updated_at DESC, id) WHERE waiting_on IS NOT NULL;
        CREATE INDEX item_by_deadline ON item (next_deadline) WHERE next_deadline IS NOT NULL;
        CREATE INDEX item_board ON item (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline);

        -- transition: numbered by the counter in meta, whose row lock makes the numbers' order the order of commit. A sequence would not.
        CREATE TABLE transition (
            seq     bigint PRIMARY KEY,
            item_id text COLLATE "C" NOT NULL,
            json    text NOT NULL);
        CREATE INDEX transition_by_item ON transition (item_id, seq);

        CREATE TABLE due (
            subject     text COLLATE "C" NOT NULL,
            kind        text COLLATE "C" NOT NULL,
            due_at      bigint NOT NULL,
            attempts    integer NOT NULL,
            token       bigint NOT NULL,
            lease_until bigint,
            again_at    bigint,
            payload     text,
            PRIMARY KEY (subject, kind)) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
        CREATE INDEX due_free ON due (due_at, subject, kind) WHERE lease_until IS NULL;
        CREATE INDEX due_free_by_kind ON due (kind, due_at, subject) WHERE lease_until IS NULL;
        CREATE INDEX due_leased ON due (lease_until) WHERE lease_until IS NOT NULL;

        -- outbox: a key stays for ever; the body goes once it was delivered (state 1) or given up (state 2).
        CREATE TABLE outbox (
            seq         bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            key         text COLLATE "C" NOT NULL UNIQUE,
            sink        text NOT NULL,
            body        text,
            added_at    bigint NOT NULL,
            not_before  bigint NOT NULL,
            attempts    integer NOT NULL,
            token       bigint NOT NULL,
            lease_until bigint,
            state       smallint NOT NULL) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
        CREATE INDEX outbox_free ON outbox (not_before, seq) WHERE state = 0 AND lease_until IS NULL;
        CREATE INDEX outbox_leased ON outbox (lease_until) WHERE state = 0 AND lease_until IS NOT NULL;

        CREATE TABLE delivery (
            source text COLLATE "C" NOT NULL,
            id     text COLLATE "C" NOT NULL,
            at     bigint NOT NULL,
            PRIMARY KEY (source, id));
        -- delivery_by_at: what is old enough to be forgotten.
        CREATE INDEX delivery_by_at ON delivery (at);

        CREATE TABLE quarantine (
            seq         bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            id          text COLLATE "C" NOT NULL UNIQUE,
            source      text NOT NULL,
            kind        smallint NOT NULL,
            detail      text NOT NULL,
            received_at bigint NOT NULL,
            body        bytea NOT NULL);

        CREATE TABLE pipeline (
            name      text COLLATE "C" PRIMARY KEY,
            signature text NOT NULL);

        -- gate: introduced_at is null for the gates of a pipeline's first version.
        CREATE TABLE gate (
            pipeline      text COLLATE "C" NOT NULL REFERENCES pipeline (name),
            name          text COLLATE "C" NOT NULL,
            introduced_at bigint,
            PRIMARY KEY (pipeline, name));

        -- line_index: lines, marks and coverage as one sorted map; the engine gives the keys their meaning (docs/coverage.md).
        CREATE TABLE line_index (
            key   text COLLATE "C" PRIMARY KEY,
            value text NOT NULL) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

        -- claim_token: the fencing tokens. Gaps do no harm, and a row's claims follow each other, so a later one is greater.
        CREATE SEQUENCE claim_token;

        -- changes: counts commits that changed what a load returns; transition: the last number of the log.
        INSERT INTO meta (name, value) VALUES ('changes', 0), ('transition', 0);
        """;

    private const string Second = $"""
        -- document: small texts that parts of the system keep beside the record, each under a name of its own. No version is negative: a commit that
        -- finds another version than the one that was read adds such a row, and is refused as a whole.
        CREATE TABLE document (
            name    text COLLATE "C" NOT NULL,
            body    text NOT NULL,
            version bigint NOT NULL,
            CONSTRAINT {DocumentKey} PRIMARY KEY (name),
            CONSTRAINT {DocumentCheck} CHECK (version > 0)) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
        """;

    private const string Third = """
        ALTER TABLE item ADD COLUMN agent text COLLATE "C", ADD COLUMN priority text COLLATE "C";

        -- board: how many items stand where, kept up to date with the items, so that it costs the same however many were completed. '' is none.
        CREATE TABLE board (
            place         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            pipeline      text COLLATE "C" NOT NULL,
            current_gate  text COLLATE "C" NOT NULL,
            furthest_gate text COLLATE "C" NOT NULL,
            waiting_on    text COLLATE "C" NOT NULL,
            is_done       boolean NOT NULL,
            is_abandoned  boolean NOT NULL,
            migration     text COLLATE "C" NOT NULL,
            items         bigint NOT NULL,
            UNIQUE (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration)) WITH (fillfactor = 50);
        INSERT INTO board (pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items)
            SELECT pipeline, coalesce(current_gate, ''), coalesce(furthest_gate, ''), coalesce(waiting_on, ''), is_done, is_abandoned, coalesce(migration, ''), count(*)
            FROM item GROUP BY 1, 2, 3, 4, 5, 6, 7;
        DROP INDEX item_board;

        -- open_item: what the board asks of the items that are neither done nor abandoned, and nothing else. Written only when one of its columns changes, which most facts do not.
        CREATE TABLE open_item (
            id            text COLLATE "C" PRIMARY KEY,
            place         bigint NOT NULL,
            pipeline      text COLLATE "C" NOT NULL,
            current_gate  text COLLATE "C" NOT NULL,
            waiting_on    text COLLATE "C",
            repository    text COLLATE "C",
            agent         text COLLATE "C",
            priority      text COLLATE "C",
            waiting_since bigint NOT NULL,
            next_deadline bigint) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
        CREATE INDEX open_by_gate ON open_item (waiting_on, waiting_since, id);
        CREATE INDEX open_by_place ON open_item (current_gate, waiting_since, id);
        CREATE INDEX open_by_wait ON open_item (waiting_since, id);

        -- Open, abandoned and done lie apart. Of what a name begins with, because an entry of an index is no longer than a third of a page.
        DROP INDEX item_open;
        CREATE INDEX item_open ON item (updated_at DESC, id) WHERE NOT is_done AND NOT is_abandoned;
        CREATE INDEX item_abandoned ON item (updated_at DESC, id) WHERE NOT is_done AND is_abandoned;
        CREATE INDEX item_done_by_repository ON item (left(repository, 100), updated_at DESC, id) WHERE is_done;
        CREATE INDEX item_done_by_agent ON item (left(agent, 100), updated_at DESC, id) WHERE is_done;
        CREATE INDEX item_done_by_priority ON item (left(priority, 100), updated_at DESC, id) WHERE is_done;
        CREATE INDEX item_closed_by_deadline ON item (next_deadline) WHERE (is_done OR is_abandoned) AND next_deadline IS NOT NULL;
        """;

    private const string Fourth = """
        -- fact_log: only what may be there already has a digest; what a fact changed was not there before, and needs no place in an index.
        ALTER TABLE fact_log ALTER COLUMN digest DROP NOT NULL, DROP CONSTRAINT fact_log_digest_key;
        CREATE UNIQUE INDEX fact_log_by_digest ON fact_log (digest) WHERE digest IS NOT NULL;
        """;

    /// <summary>Checks that this code reads the database as it is, and changes nothing.</summary>
    /// <exception cref="StoreVersionException">It was written by an older or a newer version.</exception>
    /// <exception cref="InvalidOperationException">It holds no record.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        long? version;
        try
        {
            version = await RunAsync(connection, "SELECT max(value) FROM meta WHERE name = 'schema'", cancellationToken).ConfigureAwait(false) as long?;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction)
        {
            version = null;
        }
        if (version is null) throw new InvalidOperationException($"The database {place} holds no record of ClosedLoop; name the database, and the schema (Search Path=…), that the service writes.");
        if (version == Version) return;
        throw new StoreVersionException(version > Version
            ? $"The database {place} was written by a newer version of ClosedLoop (schema {version}; this version knows up to {Version}). Nothing was changed: install the newer version."
            : $"The database {place} was written by an older version of ClosedLoop (schema {version}; this version reads {Version}). Nothing was changed: run 'closedloop migrate', or start a newer service once.");
    }

    /// <summary>Brings the database up to date, in one transaction.</summary>
    /// <exception cref="StoreVersionException">It was written by a newer version.</exception>
    /// <exception cref="InvalidOperationException">It holds another application's tables, or its encoding is not UTF8.</exception>
    public static async Task MigrateAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await RunAsync(connection, Lock, cancellationToken).ConfigureAwait(false);
            if (await RunAsync(connection, "SELECT getdatabaseencoding()::text", cancellationToken).ConfigureAwait(false) is not "UTF8")
                throw new InvalidOperationException($"The database {place} is not encoded in UTF8; create one with ENCODING 'UTF8' (TEMPLATE template0).");
            long tables = await NumberAsync("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())").ConfigureAwait(false);
            bool known = await NumberAsync("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname = 'meta' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())").ConfigureAwait(false) == 1;
            if (tables > 0 && !known) throw Foreign();
            if (!known) await RunAsync(connection, "CREATE TABLE meta (name text COLLATE \"C\" PRIMARY KEY, value bigint NOT NULL) WITH (fillfactor = 10); INSERT INTO meta (name, value) VALUES ('schema', 0);", cancellationToken).ConfigureAwait(false);
            long version;
            try
            {
                version = await NumberAsync("SELECT coalesce(max(value), -1) FROM meta WHERE name = 'schema'").ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction)
            {
                throw Foreign();
            }
            if (version < 0) throw Foreign();
            if (version > Version)
                throw new StoreVersionException(
                    $"The database {place} was written by a newer version of ClosedLoop (schema {version}; this version knows up to {Version}). Nothing was changed: install the newer version, or point this one at another database.");
            for (int next = (int)version; next < Version; next++) await RunAsync(connection, Migrations[next], cancellationToken).ConfigureAwait(false);
            if (version is > 0 and < 3) await PostgresUpgrade.FillBoardAsync(connection, cancellationToken).ConfigureAwait(false);
            if (version < Version) await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"UPDATE meta SET value = {Version} WHERE name = 'schema'"), cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task<long> NumberAsync(string sql) => (long)(await RunAsync(connection, sql, cancellationToken).ConfigureAwait(false))!;

        InvalidOperationException Foreign() => new($"The database {place} holds another application's tables; give ClosedLoop a database or a schema (Search Path=…) of its own.");
    }

    [SuppressMessage("Security", "CA2100", Justification = "All SQL is this assembly's own text.")]
    private static async Task<object?> RunAsync(NpgsqlConnection connection, string script, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(script, connection);
        await using (command.ConfigureAwait(false)) return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}
