using ClosedLoop.Items;
using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>What a commit changes of the board: items leave one place and enter another. Many stand at few places, so few rows are written.</summary>
internal sealed class BoardChange(Session session)
{
    private readonly Dictionary<BoardPlace, int> _changes = [];

    /// <summary>An item leaves where it stands; one that is not stored yet stands nowhere. To be called before it is stored anew.</summary>
    public void Leave(string id)
    {
        using var rows = session.Query(SqliteStatements.ReadPlace, id);
        if (rows.Read()) Add(BoardPlace.Read(rows), -1);
    }

    public void Enter(ItemState state) => Add(
        new BoardPlace(state.Pipeline, state.CurrentGate ?? "", state.FurthestGate ?? "", state.WaitingOn ?? "", state.IsDone, state.Abandoned, state.Migration ?? ""), 1);

    public void Write()
    {
        foreach (var (place, more) in _changes)
            if (more != 0)
                session.Execute(SqliteStatements.AddToBoard, place.Pipeline, place.CurrentGate, place.FurthestGate, place.WaitingOn, Flag(place.IsDone), Flag(place.IsAbandoned), place.Migration, (long)more);
    }

    private void Add(BoardPlace place, int more) => _changes[place] = _changes.GetValueOrDefault(place) + more;
}
