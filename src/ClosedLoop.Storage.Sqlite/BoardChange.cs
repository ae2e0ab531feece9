using ClosedLoop.Items;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// What a commit changes of the board: items leave one place and enter another. Many stand at few places, so few rows are written; and most facts move no item, so of
/// most nothing is.
/// </summary>
internal sealed class BoardChange(Session session)
{
    private readonly Dictionary<BoardPlace, int> _places = [];
    private readonly Dictionary<(FacetKind Kind, string Name), int> _facets = [];
    private readonly Dictionary<string, (OpenItem? Before, OpenItem? After)> _open = new(StringComparer.Ordinal);

    /// <summary>An item leaves where it stands; one that is not stored yet stands nowhere. To be called before it is stored anew.</summary>
    public void Leave(string id)
    {
        using var rows = session.Query(SqliteStatements.ReadPlace, id);
        if (!rows.Read()) return;
        var place = BoardPlace.Read(rows);
        Leave(id, place, Read(rows, place));
    }

    /// <summary>The same, of an item whose stored state is known: that says what its rows are.</summary>
    public void Leave(string id, ItemState? before)
    {
        if (before is not null) Leave(id, BoardPlace.Of(before), OpenItem.Of(before));
    }

    private void Leave(string id, in BoardPlace place, OpenItem? stored)
    {
        Add(place, -1);
        // What a commit has changed already is in the table of items, and is written to this one at its end.
        bool changed = _open.TryGetValue(id, out var known);
        var now = changed ? known.After : stored;
        if (!changed && now is null) return;
        Count(now, -1);
        _open[id] = (changed ? known.Before : now, null);
    }

    public void Enter(ItemState state)
    {
        Add(BoardPlace.Of(state), 1);
        if (OpenItem.Of(state) is not { } open) return;
        Count(open, 1);
        _open[state.Id] = (_open.GetValueOrDefault(state.Id).Before, open);
    }

    /// <summary>An item that stands where it did, and is not in the table of open items yet.</summary>
    public void Restore(ItemState state)
    {
        if (OpenItem.Of(state) is not { } open) return;
        Count(open, 1);
        _open[state.Id] = (null, open);
    }

    public void Write()
    {
        var places = new Dictionary<BoardPlace, long>();
        foreach (var (place, more) in _places)
            if (more != 0)
                places[place] = session.Number(SqliteStatements.AddToBoard, place.Values(more));
        foreach (var ((kind, name), more) in _facets)
            if (more != 0)
                session.Execute(SqliteStatements.AddToFacet, (long)kind, name, (long)more);
        foreach (var (id, (before, after)) in _open)
        {
            if (before == after) continue;
            if (after is { } open)
            {
                // The title is no column of open_item.
                if (before is not { } old || old with { Title = open.Title } != open) Put(id, open, places);
                if (before?.TextOf(id) != open.TextOf(id)) session.Execute(SqliteStatements.PutOpenText, id, open.TextOf(id));
            }
            else
            {
                session.Execute(SqliteStatements.RemoveOpen, id);
                session.Execute(SqliteStatements.RemoveOpenText, id);
            }
        }
    }

    private void Put(string id, OpenItem open, Dictionary<BoardPlace, long> places)
    {
        // As many may have left as came: the row is there all the same.
        if (!places.TryGetValue(open.Place, out long place)) places[open.Place] = place = session.Number(SqliteStatements.AddToBoard, open.Place.Values(0));
        string? waitingOn = open.Place.WaitingOn.Length == 0 ? null : open.Place.WaitingOn;
        session.Execute(SqliteStatements.PutOpen, id, place, open.Place.Pipeline, open.Place.CurrentGate, waitingOn, open.Repository, open.Agent, open.Priority, open.WaitingSince, open.NextDeadline);
    }

    private static OpenItem? Read(Rows row, BoardPlace place) => row.IsNull(BoardPlace.Columns + 3)
        ? null
        : new OpenItem(
            place,
            row.TextOrNull(BoardPlace.Columns),
            row.TextOrNull(BoardPlace.Columns + 1),
            row.TextOrNull(BoardPlace.Columns + 2),
            row.Number(BoardPlace.Columns + 3),
            row.IsNull(BoardPlace.Columns + 4) ? null : row.Number(BoardPlace.Columns + 4),
            row.TextOrNull(BoardPlace.Columns + 5));

    private void Count(OpenItem? open, int more)
    {
        foreach (var facet in open?.Facets ?? []) _facets[facet] = _facets.GetValueOrDefault(facet) + more;
    }

    private void Add(BoardPlace place, int more) => _places[place] = _places.GetValueOrDefault(place) + more;
}
