using ClosedLoop.Items;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Keeps the board's counts and the narrow table of open items with the items, and reads them.</summary>
internal static class PostgresBoard
{
    /// <summary>To be added before the items are stored and removed.</summary>
    public static void Move(Pipeline pipeline, IReadOnlyList<ItemRecord> items, IReadOnlyList<string> removed)
    {
        var gone = removed.ToHashSet(StringComparer.Ordinal);
        var rows = Rows.LastOfEach(items, static (a, b) => string.CompareOrdinal(a.State.Id, b.State.Id));
        List<ItemState> staying = [.. rows.Where(i => !gone.Contains(i.State.Id)).Select(static i => i.State)];
        pipeline.Add(
            PostgresBoardStatements.MoveOnBoard,
            Texts([.. rows.Select(static i => i.State.Id).Concat(gone).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(PostgresText.Encode)]),
            Places(staying, static s => s.Pipeline),
            Places(staying, static s => s.CurrentGate),
            Places(staying, static s => s.FurthestGate),
            Places(staying, static s => s.WaitingOn),
            Flags(Rows.Column(staying, static s => s.IsDone)),
            Flags(Rows.Column(staying, static s => s.Abandoned)),
            Places(staying, static s => s.Migration));
        List<ItemState> open = staying.FindAll(static s => !s.IsDone && !s.Abandoned);
        string[] closed = [.. staying.Where(static s => s.IsDone || s.Abandoned).Select(static s => s.Id).Concat(gone).Order(StringComparer.Ordinal).Select(PostgresText.Encode)];
        if (open.Count > 0) PutOpen(pipeline, open);
        if (closed.Length > 0) pipeline.Add(PostgresBoardStatements.RemoveOpen, Texts(closed));
    }

    /// <summary>Items that stand at places of the board, in the order of their ids.</summary>
    public static void PutOpen(Pipeline pipeline, IReadOnlyList<ItemState> open) => pipeline.Add(
        PostgresBoardStatements.PutOpen,
        Texts(Rows.Column(open, static s => (string?)PostgresText.Encode(s.Id))),
        Places(open, static s => s.Pipeline),
        Places(open, static s => s.CurrentGate),
        Places(open, static s => s.FurthestGate),
        Places(open, static s => s.WaitingOn),
        Places(open, static s => s.Migration),
        Texts(Rows.Column(open, static s => PostgresText.EncodeOrNull(s.Repository))),
        Texts(Rows.Column(open, static s => PostgresText.EncodeOrNull(s.Provenance?.Agent))),
        Texts(Rows.Column(open, static s => PostgresText.EncodeOrNull(s.Priority))),
        Numbers(Rows.Column(open, static s => ItemCursor.WaitingTicks(s))),
        Numbers(Rows.Column(open, static s => s.NextDeadline()?.UtcTicks)));

    public static Task<List<BoardRow>> AllAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken) =>
        ListAsync(connection, PostgresBoardStatements.Board, [Number(now.UtcTicks)], Row, cancellationToken);

    public static Task<List<BoardRow>> OpenAsync(NpgsqlConnection connection, BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (sql, values) = PostgresBoardStatements.CountOpen(query, now.UtcTicks);
        return ListAsync(connection, sql, values, Row, cancellationToken);
    }

    public static async Task<BoardFacets> FacetsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = await ListAsync(
            connection,
            PostgresBoardStatements.Facets,
            [Number(BoardFacets.MaxNames)],
            static row => (Kind: row.GetInt32(0), Count: new FacetCount(PostgresText.Decode(row.GetString(1)), (int)row.GetInt64(2))),
            cancellationToken).ConfigureAwait(false);
        return new BoardFacets(Of(0), Of(1), Of(2));

        List<FacetCount> Of(int kind) => [.. names.Where(n => n.Kind == kind).Select(static n => n.Count)];
    }

    // On the board an empty text is none, so that it can be a key.
    private static NpgsqlParameter Places(IReadOnlyList<ItemState> states, Func<ItemState, string?> text) => Texts(Rows.Column(states, s => (string?)PostgresText.Encode(text(s) ?? "")));

    private static BoardRow Row(NpgsqlDataReader row) => new()
    {
        Pipeline = PostgresText.Decode(row.GetString(0)),
        CurrentGate = Known(row, 1),
        FurthestGate = Known(row, 2),
        WaitingOn = Known(row, 3),
        IsDone = row.GetBoolean(4),
        IsAbandoned = row.GetBoolean(5),
        Migration = Known(row, 6),
        Items = (int)row.GetInt64(7),
        Overdue = (int)row.GetInt64(8),
        OldestSince = row.IsDBNull(9) || row.GetInt64(9) == ItemCursor.Unknown ? null : PostgresReads.Instant(row, 9),
    };

    private static string? Known(NpgsqlDataReader row, int column) => row.GetString(column) is { Length: > 0 } text ? PostgresText.Decode(text) : null;
}
