using ClosedLoop.Items;
using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>Where an item stands on the board; an empty text is none.</summary>
internal readonly record struct BoardPlace(string Pipeline, string CurrentGate, string FurthestGate, string WaitingOn, bool IsDone, bool IsAbandoned, string Migration)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const int Columns = 7;

    public static BoardPlace Of(ItemState state) =>
        new(state.Pipeline, state.CurrentGate ?? "", state.FurthestGate ?? "", state.WaitingOn ?? "", state.IsDone, state.Abandoned, state.Migration ?? "");

    public static BoardPlace Read(Rows row, int first = 0) =>
        new(row.Text(first), row.Text(first + 1), row.Text(first + 2), row.Text(first + 3), row.Number(first + 4) != 0, row.Number(first + 5) != 0, row.Text(first + 6));

    /// <summary>?1 to ?7 of a statement, then what follows.</summary>
    public SqlValue[] Values(long last) => [Pipeline, CurrentGate, FurthestGate, WaitingOn, Flag(IsDone), Flag(IsAbandoned), Migration, last];

    public BoardRow ToRow(int items, int overdue, DateTimeOffset? oldest) => new()
    {
        Pipeline = Pipeline,
        CurrentGate = Known(CurrentGate),
        FurthestGate = Known(FurthestGate),
        WaitingOn = Known(WaitingOn),
        IsDone = IsDone,
        IsAbandoned = IsAbandoned,
        Migration = Known(Migration),
        Items = items,
        Overdue = overdue,
        OldestSince = oldest,
    };

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
