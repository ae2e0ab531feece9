namespace ClosedLoop.Storage.Sqlite;

/// <summary>Where an item stands on the board; an empty text is none.</summary>
internal readonly record struct BoardPlace(string Pipeline, string CurrentGate, string FurthestGate, string WaitingOn, bool IsDone, bool IsAbandoned, string Migration)
{
    public static BoardPlace Read(Rows row) => new(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Number(4) != 0, row.Number(5) != 0, row.Text(6));
}
