using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>Reads the board: what is closed from its counts, what is open from the narrow table of open items. Whatever was completed costs nothing.</summary>
internal static class SqliteBoard
{
    public static List<BoardRow> All(Session session, DateTimeOffset now)
    {
        var open = Open(session, new BoardQuery(), now);
        var overdue = new Dictionary<BoardPlace, int>();
        using (var rows = session.Query(SqliteStatements.ClosedOverdue, Ticks(now)))
            while (rows.Read())
                overdue[BoardPlace.Read(rows)] = (int)rows.Number(BoardPlace.Columns);
        var board = new List<BoardRow>();
        using (var rows = session.Query(SqliteStatements.Board))
        {
            while (rows.Read())
            {
                var place = BoardPlace.Read(rows, 1);
                int items = (int)rows.Number(BoardPlace.Columns + 1);
                board.Add(open.TryGetValue(rows.Number(0), out var seen) ? place.ToRow(items, seen.Overdue, seen.Oldest) : place.ToRow(items, overdue.GetValueOrDefault(place), null));
            }
        }
        return board;
    }

    public static List<BoardRow> OpenOnly(Session session, BoardQuery query, DateTimeOffset now)
    {
        var open = Open(session, query, now);
        var board = new List<BoardRow>();
        using var rows = session.Query(SqliteStatements.Board);
        while (rows.Read())
            if (open.TryGetValue(rows.Number(0), out var seen))
                board.Add(BoardPlace.Read(rows, 1).ToRow(seen.Items, seen.Overdue, seen.Oldest));
        return board;
    }

    public static BoardFacets Facets(Session session)
    {
        return new BoardFacets(Names(FacetKind.Repository), Names(FacetKind.Agent), Names(FacetKind.Priority));

        List<FacetCount> Names(FacetKind kind)
        {
            var names = new List<FacetCount>();
            using var rows = session.Query(SqliteStatements.Facets, (long)kind, (long)BoardFacets.MaxNames);
            while (rows.Read()) names.Add(new FacetCount(rows.Text(0), (int)rows.Number(1)));
            return names;
        }
    }

    private static Dictionary<long, (int Items, int Overdue, DateTimeOffset? Oldest)> Open(Session session, BoardQuery query, DateTimeOffset now)
    {
        var (sql, values) = SqliteStatements.CountOpen(query, Ticks(now));
        var places = new Dictionary<long, (int Items, int Overdue, DateTimeOffset? Oldest)>();
        using var rows = session.Query(sql, values);
        while (rows.Read())
            places[rows.Number(0)] = ((int)rows.Number(1), (int)rows.Number(2), rows.Number(3) is var oldest && oldest == ItemCursor.Unknown ? null : new DateTimeOffset(oldest, TimeSpan.Zero));
        return places;
    }
}
