using ClosedLoop.Items;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Fills what a migration has added from the states that are stored: they are text that only this side reads.</summary>
internal static class PostgresUpgrade
{
    private const int Page = 1_000;

    // Of what is closed only the two new columns are read, and only where there is something to read.
    private const string Next = """
        SELECT id, json FROM item WHERE id > $1 AND ((NOT is_done AND NOT is_abandoned) OR strpos(json, '"agent":') > 0 OR strpos(json, '"priority":') > 0) ORDER BY id LIMIT $2
        """;

    private const string Fill = "UPDATE item SET agent = filled.agent, priority = filled.priority FROM unnest($1, $2, $3) AS filled (id, agent, priority) WHERE item.id = filled.id";

    /// <summary>The columns agent and priority, and the table of open items.</summary>
    public static async Task FillBoardAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (string after = ""; ;)
        {
            var page = await ListAsync(connection, Next, [Text(after), Number(Page)], static row => (Id: row.GetString(0), State: StoredJson.ReadState(row.GetString(1))), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0) return;
            after = page[^1].Id;
            var pipeline = new Pipeline();
            var named = page.FindAll(static i => (i.State.Provenance?.Agent ?? i.State.Priority) is not null);
            if (named.Count > 0)
                pipeline.Add(
                    Fill,
                    Texts([.. named.Select(static i => i.Id)]),
                    Texts([.. named.Select(static i => PostgresText.EncodeOrNull(i.State.Provenance?.Agent))]),
                    Texts([.. named.Select(static i => PostgresText.EncodeOrNull(i.State.Priority))]));
            List<ItemState> open = [.. page.Select(static i => i.State).Where(static s => !s.IsDone && !s.Abandoned)];
            if (open.Count > 0) PostgresBoard.PutOpen(pipeline, open);
            if (pipeline.Count > 0) await pipeline.RunAsync(connection, cancellationToken).ConfigureAwait(false);
        }
    }
}
