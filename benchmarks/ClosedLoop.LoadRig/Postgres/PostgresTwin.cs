using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ClosedLoop.LoadRig.Postgres;

/// <summary>
/// Writes the rows of commits by hand: each as one batch of statements over arrays, prepared, one round trip and one transaction, the arrays
/// made beforehand. It reads nothing and decides nothing.
/// </summary>
internal sealed class PostgresTwin(NpgsqlDataSource source)
{
    public const string Description = "the same rows in as many transactions, one pipelined batch of unnest statements each, arrays made beforehand";

    private const string PutItems = """
        INSERT INTO item (id, pipeline, title, repository, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline, version, updated_at, json, agent, priority)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (id) DO UPDATE SET current_gate = excluded.current_gate, furthest_gate = excluded.furthest_gate, waiting_on = excluded.waiting_on, is_done = excluded.is_done,
            next_deadline = excluded.next_deadline, version = excluded.version, updated_at = excluded.updated_at, json = excluded.json,
            agent = excluded.agent, priority = excluded.priority
        """;

    private const string AddToBoard = """
        INSERT INTO board (place, pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items) OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (place) DO UPDATE SET items = board.items + excluded.items
        """;

    private const string PutOpen = """
        INSERT INTO open_item (id, place, pipeline, current_gate, waiting_on, repository, agent, priority, waiting_since, next_deadline) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET place = excluded.place, pipeline = excluded.pipeline, current_gate = excluded.current_gate, waiting_on = excluded.waiting_on, repository = excluded.repository,
            agent = excluded.agent, priority = excluded.priority, waiting_since = excluded.waiting_since, next_deadline = excluded.next_deadline
        """;

    private readonly BoardKeeper _board = new();

    /// <returns>The seconds.</returns>
    public async Task<double> WriteAsync(IReadOnlyList<StoreCommit> commits, int copies)
    {
        await using var connection = await source.OpenConnectionAsync();
        long transition = 0;
        var batches = new List<NpgsqlBatch>();
        foreach (var commit in commits) batches.Add(BatchOf(connection, commit, copies, ref transition));
        long start = Clock.Start();
        foreach (var batch in batches) await batch.ExecuteNonQueryAsync();
        double seconds = Clock.Seconds(start);
        foreach (var batch in batches) await batch.DisposeAsync();
        return seconds;
    }

    private NpgsqlBatch BatchOf(NpgsqlConnection connection, StoreCommit commit, int copies, ref long transition)
    {
        var batch = new NpgsqlBatch(connection);
        var facts = commit.Registers;
        Add("INSERT INTO fact (subject, kind, writer, json) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT (subject, kind, writer) DO UPDATE SET json = excluded.json",
            Texts(facts.Select(static f => f.Subject.ToString())), Texts(facts.Select(static f => f.Kind)), Texts(facts.Select(static f => f.Writer.ToString())), Texts(facts.Select(StoredJson.Write)));
        var links = facts.SelectMany(static f => f.Links.Select(l => (Fact: f, Link: l))).ToList();
        Add("INSERT INTO link (child, kind, writer, parent) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            Texts(links.Select(static l => l.Fact.Subject.ToString())), Texts(links.Select(static l => l.Fact.Kind)), Texts(links.Select(static l => l.Fact.Writer.ToString())), Texts(links.Select(static l => l.Link.ToString())));
        var items = commit.Items.OrderBy(static i => i.State.Id, StringComparer.Ordinal).ToList();
        Add(PutItems,
            Texts(items.Select(static i => i.State.Id)), Texts(items.Select(static i => i.State.Pipeline)), Texts(items.Select(static i => i.State.Title)), Texts(items.Select(static i => i.State.Repository)),
            Texts(items.Select(static i => i.State.CurrentGate)), Texts(items.Select(static i => i.State.FurthestGate)), Texts(items.Select(static i => i.State.WaitingOn)),
            Array(NpgsqlDbType.Boolean, items.Select(static i => i.State.IsDone)), Array(NpgsqlDbType.Boolean, items.Select(static i => i.State.Abandoned)), Texts(items.Select(static i => i.State.Migration)),
            Array(NpgsqlDbType.Bigint, items.Select(static i => i.State.NextDeadline()?.UtcTicks)), Array(NpgsqlDbType.Bigint, items.Select(static i => i.Version)), Array(NpgsqlDbType.Bigint, items.Select(static i => i.UpdatedAt.UtcTicks)),
            Texts(items.Select(static i => StoredJson.Write(i.State))), Texts(items.Select(static i => i.State.Provenance?.Agent)), Texts(items.Select(static i => i.State.Priority)));
        Add("DELETE FROM item WHERE id = ANY ($1)", Texts(commit.RemovedItems));
        Add("DELETE FROM due WHERE subject = ANY ($1)", Texts(commit.RemovedItems.Select(static id => "item:" + id)));
        var delta = _board.Of(commit);
        Add(AddToBoard,
            Array(NpgsqlDbType.Bigint, delta.Spots.Select(static s => s.Number)), Texts(delta.Spots.Select(static s => s.Spot.Pipeline)), Texts(delta.Spots.Select(static s => s.Spot.CurrentGate)), Texts(delta.Spots.Select(static s => s.Spot.FurthestGate)),
            Texts(delta.Spots.Select(static s => s.Spot.WaitingOn)), Array(NpgsqlDbType.Boolean, delta.Spots.Select(static s => s.Spot.IsDone)), Array(NpgsqlDbType.Boolean, delta.Spots.Select(static s => s.Spot.IsAbandoned)), Texts(delta.Spots.Select(static s => s.Spot.Migration)), Array(NpgsqlDbType.Bigint, delta.Spots.Select(static s => s.More)));
        Add(PutOpen,
            Texts(delta.Open.Select(static o => o.Id)), Array(NpgsqlDbType.Bigint, delta.Open.Select(static o => o.Row.Place)), Texts(delta.Open.Select(static o => o.Row.Pipeline)), Texts(delta.Open.Select(static o => o.Row.CurrentGate)), Texts(delta.Open.Select(static o => o.Row.WaitingOn)),
            Texts(delta.Open.Select(static o => o.Row.Repository)), Texts(delta.Open.Select(static o => o.Row.Agent)), Texts(delta.Open.Select(static o => o.Row.Priority)), Array(NpgsqlDbType.Bigint, delta.Open.Select(static o => o.Row.WaitingSince)), Array(NpgsqlDbType.Bigint, delta.Open.Select(static o => o.Row.NextDeadline)));
        Add("DELETE FROM open_item WHERE id = ANY ($1)", Texts(delta.Closed));
        var put = commit.Index.Where(static c => c.Value is not null).ToList();
        Add("INSERT INTO line_index (key, value) SELECT * FROM unnest($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", Texts(put.Select(static c => c.Key)), Texts(put.Select(static c => c.Value)));
        Add("DELETE FROM line_index WHERE key = ANY ($1)", Texts(commit.Index.Where(static c => c.Value is null).Select(static c => c.Key)));
        long first = transition;
        transition += commit.Transitions.Count;
        Add("INSERT INTO transition (seq, item_id, json) SELECT * FROM unnest($1, $2, $3)",
            Array(NpgsqlDbType.Bigint, commit.Transitions.Select((_, i) => first + i + 1)), Texts(commit.Transitions.Select(static t => t.ItemId)), Texts(commit.Transitions.Select(StoredJson.Write)));
        var due = commit.Due.GroupBy(static d => (d.Subject, d.Kind)).Select(static g => g.Last()).ToList();
        var set = due.Where(static d => d.DueAt is not null).ToList();
        Add("INSERT INTO due (subject, kind, due_at, attempts, token) SELECT row.subject, row.kind, row.due_at, 0, 0 FROM unnest($1, $2, $3) AS row (subject, kind, due_at) ON CONFLICT (subject, kind) DO UPDATE SET due_at = least(due.due_at, excluded.due_at)",
            Texts(set.Select(static d => d.Subject.ToString())), Texts(set.Select(static d => d.Kind)), Array(NpgsqlDbType.Bigint, set.Select(static d => d.DueAt!.Value.UtcTicks)));
        var gone = due.Where(static d => d.DueAt is null).ToList();
        Add("DELETE FROM due USING unnest($1, $2) AS gone (subject, kind) WHERE due.subject = gone.subject AND due.kind = gone.kind", Texts(gone.Select(static d => d.Subject.ToString())), Texts(gone.Select(static d => d.Kind)));
        var deliveries = Enumerable.Repeat(commit.Deliveries, copies).SelectMany(static d => d).ToList();
        Add("INSERT INTO delivery (source, id, at) SELECT row.source, row.id, $3 FROM unnest($1, $2) AS row (source, id) ON CONFLICT DO NOTHING",
            Texts(deliveries.Select(static d => d.Source)), Texts(deliveries.Select(static d => d.Id)), new NpgsqlParameter { Value = commit.At.UtcTicks });
        Add("INSERT INTO fact_log (source, at, json) SELECT row.source, $3, row.json FROM unnest($1, $2) AS row (source, json)",
            Texts(commit.Log.Select(static l => l.Source)), Texts(commit.Log.Select(static l => StoredJson.Write(l.Fact))), new NpgsqlParameter { Value = commit.At.UtcTicks });
        Add("UPDATE meta SET value = value + 1 WHERE name = 'changes'");
        return batch;

        void Add(string sql, params NpgsqlParameter[] values)
        {
            if (values is [{ Value: System.Array { Length: 0 } }, ..]) return;
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(value);
            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> values) => Array(NpgsqlDbType.Text, values);

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
