using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>
/// What each commit changes of the tables that the board asks. Somebody who writes them by hand knows the numbers of the places and where each item stood before, and so writes
/// what changes and reads nothing.
/// </summary>
internal sealed class BoardKeeper
{
    private readonly Dictionary<string, (BoardSpot Spot, OpenRow? Open)> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<BoardSpot, long> _numbers = [];

    /// <summary>To be asked for one commit after the other.</summary>
    public BoardDelta Of(StoreCommit commit)
    {
        var spots = new Dictionary<BoardSpot, long>();
        var facets = new Dictionary<(long Kind, string Name), long>();
        var changed = new List<(string Id, OpenRow? Before, OpenRow? After)>();
        foreach (var item in commit.Items)
        {
            var state = item.State;
            var before = Leave(state.Id);
            var spot = new BoardSpot(state.Pipeline, state.CurrentGate ?? "", state.FurthestGate ?? "", state.WaitingOn ?? "", state.IsDone, state.Abandoned, state.Migration ?? "");
            _numbers.TryAdd(spot, _numbers.Count + 1);
            spots[spot] = spots.GetValueOrDefault(spot) + 1;
            OpenRow? open = state.IsDone || state.Abandoned
                ? null
                : new OpenRow(_numbers[spot], state.Pipeline, state.CurrentGate ?? "", state.WaitingOn, state.Repository, state.Provenance?.Agent, state.Priority, ItemCursor.WaitingTicks(state), state.NextDeadline()?.UtcTicks, $"{state.Id}\n{state.Title}\n{state.Repository}".ToLowerInvariant());
            Count(facets, open, 1);
            _items[state.Id] = (spot, open);
            changed.Add((state.Id, before, open));
        }
        foreach (string id in commit.RemovedItems)
        {
            changed.Add((id, Leave(id), null));
            _items.Remove(id);
        }
        return new BoardDelta(
            [.. spots.Where(static s => s.Value != 0).Select(s => (_numbers[s.Key], s.Key, s.Value))],
            [.. facets.Where(static f => f.Value != 0).Select(static f => (f.Key.Kind, f.Key.Name, f.Value))],
            [.. changed.Where(static c => c.After is { } after && (c.Before is null || c.Before with { Text = after.Text } != after)).Select(static c => (c.Id, c.After!))],
            [.. changed.Where(static c => c.After is { } after && c.Before?.Text != after.Text).Select(static c => (c.Id, c.After!.Text))],
            [.. changed.Where(static c => c.After is null && c.Before is not null).Select(static c => c.Id)]);

        OpenRow? Leave(string id)
        {
            if (!_items.TryGetValue(id, out var known)) return null;
            spots[known.Spot] = spots.GetValueOrDefault(known.Spot) - 1;
            Count(facets, known.Open, -1);
            return known.Open;
        }
    }

    private static void Count(Dictionary<(long Kind, string Name), long> facets, OpenRow? open, long more)
    {
        if (open?.Repository is { } repository) facets[(0, repository)] = facets.GetValueOrDefault((0, repository)) + more;
        if (open?.Agent is { } agent) facets[(1, agent)] = facets.GetValueOrDefault((1, agent)) + more;
        if (open?.Priority is { } priority) facets[(2, priority)] = facets.GetValueOrDefault((2, priority)) + more;
    }
}
