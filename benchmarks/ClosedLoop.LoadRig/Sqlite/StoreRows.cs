using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>The rows that a commit writes, as somebody would write them who knew beforehand what to write.</summary>
internal static class StoreRows
{
    private const string PutFact = "INSERT INTO fact (subject, kind, writer, json) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject, kind, writer) DO UPDATE SET json = excluded.json";
    private const string AddLink = "INSERT INTO link (parent, child) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    private const string AddTransition = "INSERT INTO transition (item_id, json) VALUES (?1, ?2)";
    private const string AddLog = "INSERT INTO fact_log (at, source, json) VALUES (?1, ?2, ?3)";
    private const string AddDelivery = "INSERT INTO delivery (key, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    private const string PutIndex = "INSERT INTO line_index (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    private const string RemoveIndex = "DELETE FROM line_index WHERE key = ?1";
    private const string PutDue = "INSERT INTO due (subject, kind, due_at, attempts, token) VALUES (?1, ?2, ?3, 0, 0) ON CONFLICT (subject, kind) DO UPDATE SET due_at = min(due_at, excluded.due_at)";
    private const string RemoveDue = "DELETE FROM due WHERE subject = ?1 AND kind = ?2";

    private const string PutItem = """
        INSERT INTO item (id, pipeline, title, repository, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, next_deadline, version, updated_at, json, agent, priority)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT (id) DO UPDATE SET pipeline = excluded.pipeline, title = excluded.title, repository = excluded.repository, current_gate = excluded.current_gate,
            furthest_gate = excluded.furthest_gate, waiting_on = excluded.waiting_on, is_done = excluded.is_done, is_abandoned = excluded.is_abandoned, migration = excluded.migration,
            next_deadline = excluded.next_deadline, version = excluded.version, updated_at = excluded.updated_at, json = excluded.json, agent = excluded.agent, priority = excluded.priority
        """;

    public static List<TwinRow> Of(StoreCommit commit)
    {
        var rows = new List<TwinRow>();
        foreach (var fact in commit.Registers)
        {
            rows.Add(Fact(fact));
            foreach (var link in fact.Links) rows.Add(new TwinRow(AddLink, link.ToString(), fact.Subject.ToString()));
        }
        foreach (var item in commit.Items) rows.Add(Item(item.State, item.Version, item.UpdatedAt));
        foreach (var change in commit.Index)
            rows.Add(change.Value is null ? new TwinRow(RemoveIndex, change.Key) : new TwinRow(PutIndex, change.Key, change.Value));
        foreach (var transition in commit.Transitions) rows.Add(new TwinRow(AddTransition, transition.ItemId, StoredJson.Write(transition)));
        foreach (var due in commit.Due)
            rows.Add(due.DueAt is null ? new TwinRow(RemoveDue, due.Subject.ToString(), due.Kind) : new TwinRow(PutDue, due.Subject.ToString(), due.Kind, due.DueAt.Value.UtcTicks));
        foreach (var delivery in commit.Deliveries) rows.Add(Delivery(delivery, commit.At));
        foreach (var logged in commit.Log) rows.Add(new TwinRow(AddLog, commit.At.UtcTicks, logged.Source, StoredJson.Write(logged.Fact)));
        return rows;
    }

    public static TwinRow Fact(Fact fact) => new(PutFact, fact.Subject.ToString(), fact.Kind, fact.Writer.ToString(), StoredJson.Write(fact));

    public static TwinRow Delivery(DeliveryId delivery, DateTimeOffset at) => new(AddDelivery, TwinValue.Blob(Key(delivery.At, SHA256.HashData(Encoding.UTF8.GetBytes($"{delivery.Source}\n{delivery.Id}")))), at.UtcTicks);

    // The second of the event, then twelve bytes of a digest.
    public static byte[] Key(DateTimeOffset at, ReadOnlySpan<byte> digest)
    {
        byte[] key = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(key, (uint)at.ToUnixTimeSeconds());
        digest[..12].CopyTo(key.AsSpan(4));
        return key;
    }

    private static TwinRow Item(ItemState state, long version, DateTimeOffset at) => new(
        PutItem,
        state.Id,
        state.Pipeline,
        state.Title,
        state.Repository,
        state.CurrentGate,
        state.FurthestGate,
        state.WaitingOn,
        state.IsDone ? 1L : 0L,
        state.Abandoned ? 1L : 0L,
        state.Migration,
        state.NextDeadline()?.UtcTicks,
        version,
        at.UtcTicks,
        StoredJson.Write(state),
        state.Provenance?.Agent,
        state.Priority);
}
