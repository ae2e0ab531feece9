using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>The rows of the tables that the board asks, for one commit after the other.</summary>
internal sealed class BoardRows
{
    private const string AddToBoard = """
        INSERT INTO board (place, pipeline, current_gate, furthest_gate, waiting_on, is_done, is_abandoned, migration, items) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (place) DO UPDATE SET items = items + excluded.items
        """;

    private const string AddToFacet = "INSERT INTO facet (kind, name, items) VALUES (?1, ?2, ?3) ON CONFLICT (kind, name) DO UPDATE SET items = items + excluded.items";

    private const string PutOpen = """
        INSERT INTO open_item (id, place, pipeline, current_gate, waiting_on, repository, agent, priority, waiting_since, next_deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (id) DO UPDATE SET place = excluded.place, pipeline = excluded.pipeline, current_gate = excluded.current_gate, waiting_on = excluded.waiting_on, repository = excluded.repository,
            agent = excluded.agent, priority = excluded.priority, waiting_since = excluded.waiting_since, next_deadline = excluded.next_deadline
        """;

    private const string PutText = "INSERT INTO open_text (id, text) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET text = excluded.text";
    private const string RemoveOpen = "DELETE FROM open_item WHERE id = ?1";
    private const string RemoveText = "DELETE FROM open_text WHERE id = ?1";
    private const string RemoveItem = "DELETE FROM item WHERE id = ?1";
    private const string RemoveDue = "DELETE FROM due WHERE subject = 'item:' || ?1";

    private readonly BoardKeeper _keeper = new();

    public IEnumerable<TwinRow> Of(StoreCommit commit)
    {
        var delta = _keeper.Of(commit);
        foreach (string id in commit.RemovedItems)
        {
            yield return new TwinRow(RemoveItem, id);
            yield return new TwinRow(RemoveDue, id);
        }
        foreach (var (number, s, more) in delta.Spots)
            yield return new TwinRow(AddToBoard, number, s.Pipeline, s.CurrentGate, s.FurthestGate, s.WaitingOn, s.IsDone ? 1L : 0L, s.IsAbandoned ? 1L : 0L, s.Migration, more);
        foreach (var (kind, name, more) in delta.Facets) yield return new TwinRow(AddToFacet, kind, name, more);
        foreach (var (id, o) in delta.Open) yield return new TwinRow(PutOpen, id, o.Place, o.Pipeline, o.CurrentGate, o.WaitingOn, o.Repository, o.Agent, o.Priority, o.WaitingSince, o.NextDeadline);
        foreach (var (id, text) in delta.Texts) yield return new TwinRow(PutText, id, text);
        foreach (string id in delta.Closed)
        {
            yield return new TwinRow(RemoveOpen, id);
            yield return new TwinRow(RemoveText, id);
        }
    }
}
