using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>
/// The rows of the tables that the board asks, for one commit after the other: what is open, what a search finds it by, and how many stand where. Somebody who writes them by
/// hand knows the numbers of the places and where each item stood before, and so writes what changes and reads nothing.
/// </summary>
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
    private const string RemoveItem = "DELETE FROM item WHERE id = ?1";
    private const string RemoveDue = "DELETE FROM due WHERE subject = 'item:' || ?1";
    private const string RemoveText = "DELETE FROM open_text WHERE id = ?1";

    private readonly Dictionary<string, (Place Place, Open? Open)> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<Place, long> _numbers = [];

    public IEnumerable<TwinRow> Of(StoreCommit commit)
    {
        var places = new Dictionary<Place, long>();
        var facets = new Dictionary<(long Kind, string Name), long>();
        var changed = new List<(string Id, Open? Before, Open? After)>();
        foreach (var item in commit.Items)
        {
            var state = item.State;
            var before = Leave(state.Id);
            var place = new Place(state.Pipeline, state.CurrentGate ?? "", state.FurthestGate ?? "", state.WaitingOn ?? "", state.IsDone, state.Abandoned, state.Migration ?? "");
            _numbers.TryAdd(place, _numbers.Count + 1);
            places[place] = places.GetValueOrDefault(place) + 1;
            Open? open = state.IsDone || state.Abandoned
                ? null
                : new Open(_numbers[place], state.Pipeline, state.CurrentGate ?? "", state.WaitingOn, state.Repository, state.Provenance?.Agent, state.Priority, ItemCursor.WaitingTicks(state), state.NextDeadline()?.UtcTicks, $"{state.Id}\n{state.Title}\n{state.Repository}".ToLowerInvariant());
            Count(facets, open, 1);
            _items[state.Id] = (place, open);
            changed.Add((state.Id, before, open));
        }
        foreach (string id in commit.RemovedItems)
        {
            changed.Add((id, Leave(id), null));
            _items.Remove(id);
            yield return new TwinRow(RemoveItem, id);
            yield return new TwinRow(RemoveDue, id);
        }
        foreach (var (p, items) in places)
            if (items != 0) yield return new TwinRow(AddToBoard, _numbers[p], p.Pipeline, p.CurrentGate, p.FurthestGate, p.WaitingOn, p.IsDone ? 1L : 0L, p.IsAbandoned ? 1L : 0L, p.Migration, items);
        foreach (var ((kind, name), items) in facets)
            if (items != 0) yield return new TwinRow(AddToFacet, kind, name, items);
        foreach (var (id, before, after) in changed)
        {
            if (after is not { } o)
            {
                if (before is null) continue;
                yield return new TwinRow(RemoveOpen, id);
                yield return new TwinRow(RemoveText, id);
                continue;
            }
            if (before is null || before with { Text = o.Text } != o) yield return new TwinRow(PutOpen, id, o.Place, o.Pipeline, o.CurrentGate, o.WaitingOn, o.Repository, o.Agent, o.Priority, o.WaitingSince, o.NextDeadline);
            if (before?.Text != o.Text) yield return new TwinRow(PutText, id, o.Text);
        }

        Open? Leave(string id)
        {
            if (!_items.TryGetValue(id, out var known)) return null;
            places[known.Place] = places.GetValueOrDefault(known.Place) - 1;
            Count(facets, known.Open, -1);
            return known.Open;
        }
    }

    private static void Count(Dictionary<(long Kind, string Name), long> facets, Open? open, long more)
    {
        if (open?.Repository is { } repository) facets[(0, repository)] = facets.GetValueOrDefault((0, repository)) + more;
        if (open?.Agent is { } agent) facets[(1, agent)] = facets.GetValueOrDefault((1, agent)) + more;
        if (open?.Priority is { } priority) facets[(2, priority)] = facets.GetValueOrDefault((2, priority)) + more;
    }

    private readonly record struct Place(string Pipeline, string CurrentGate, string FurthestGate, string WaitingOn, bool IsDone, bool IsAbandoned, string Migration);

    private sealed record Open(long Place, string Pipeline, string CurrentGate, string? WaitingOn, string? Repository, string? Agent, string? Priority, long WaitingSince, long? NextDeadline, string Text);
}
