using System.Globalization;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Hosting;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Board;

/// <summary>Everything that a dashboard asks, each with the plain SQL that answers the same by hand. Both vary from call to call.</summary>
internal sealed class BoardQueries(IServiceProvider services, int open, int completed, DateTimeOffset now)
{
    /// <summary>Also looks at what was completed, which no page of the dashboard asks for: it has no index, and is told apart.</summary>
    public const string TextInClosed = "text in all items, completed ones too";

    private readonly ILoopQueries _queries = services.GetRequiredService<ILoopQueries>();
    private readonly IIncidents _incidents = services.GetRequiredService<IIncidents>();
    private readonly ILoopStore _store = services.GetRequiredService<ILoopStore>();
    private string? _deepCursor;
    private string? _lineBefore;

    /// <summary>Places that a person comes to page by page.</summary>
    public async Task PrepareAsync()
    {
        var query = new ItemQuery { IsOpen = true };
        for (int page = 1; page < 100; page++)
            if ((await _queries.ListAsync(query with { Cursor = _deepCursor })).NextCursor is { } next) _deepCursor = next;
        _lineBefore = (await _queries.ReadLineAsync(new LineQuery { Repository = "acme/long", Branch = "main", Limit = 200 }))!.NextBefore;
    }

    public IReadOnlyList<(string Name, Func<int, Task<bool>> Ours, Func<int, string> Twin)> All()
    {
        const string page = "SELECT json FROM item WHERE is_done = 0 AND is_abandoned = 0";
        const string board = "SELECT pipeline, current_gate, furthest_gate, waiting_on, count(*), min(waiting_since), sum(next_deadline <";
        return
        [
            ("board", async _ => (await _queries.CountAsync()).Sum(static r => r.Items) >= open + completed, _ => $"{Count("")}"),
            ("board by repository", async i => (await _queries.CountAsync(new BoardQuery { Repository = BoardItem.Repository(i) })).Count > 0, i => Count($"WHERE repository = '{BoardItem.Repository(i)}'")),
            ("board by agent", async i => (await _queries.CountAsync(new BoardQuery { Agent = BoardItem.Agent(i) })).Count > 0, i => Count($"WHERE agent = '{BoardItem.Agent(i)}'")),
            ("board by priority", async i => (await _queries.CountAsync(new BoardQuery { Priority = BoardItem.Priority(i) })).Count > 0, i => Count($"WHERE priority = '{BoardItem.Priority(i)}'")),
            ("board by pipeline", async i => (await _queries.CountAsync(new BoardQuery { Pipeline = Pipeline(i), OpenOnly = true })).Count > 0, i => Count($"WHERE pipeline = '{Pipeline(i)}'")),
            ("board by all of them", async i => await _queries.CountAsync(new BoardQuery { Pipeline = "delivery", Repository = BoardItem.Repository(i), Agent = BoardItem.Agent(i), Priority = BoardItem.Priority(i) }) is not null, i => Count($"WHERE pipeline = 'delivery' AND repository = '{BoardItem.Repository(i)}' AND agent = '{BoardItem.Agent(i)}' AND priority = '{BoardItem.Priority(i)}'")),
            ("names to filter by", async _ => (await _queries.ReadFacetsAsync()).Repositories.Count >= BoardItem.Repositories, _ => "SELECT repository, count(*) FROM open_item GROUP BY 1 UNION ALL SELECT agent, count(*) FROM open_item GROUP BY 1 UNION ALL SELECT priority, count(*) FROM open_item GROUP BY 1"),
            ("first page", async _ => (await _queries.ListAsync(new ItemQuery { IsOpen = true })).Items.Count == 50, _ => $"{page} ORDER BY updated_at DESC, id LIMIT 50"),
            ("page 100", async _ => (await _queries.ListAsync(new ItemQuery { IsOpen = true, Cursor = _deepCursor })).Items.Count == 50, _ => $"{page} ORDER BY updated_at DESC, id LIMIT 50 OFFSET 4950"),
            ("page of all items", async _ => (await _queries.ListAsync(new ItemQuery())).Items.Count == 50, _ => "SELECT json FROM item ORDER BY updated_at DESC, id LIMIT 50"),
            ("page of done items of an agent", async i => (await _queries.ListAsync(new ItemQuery { IsDone = true, Agent = BoardItem.Agent(i) })).Items.Count == 50, i => $"SELECT json FROM item WHERE is_done = 1 AND agent = '{BoardItem.Agent(i)}' ORDER BY updated_at DESC, id LIMIT 50"),
            ("column, longest waiting first", async i => (await _queries.ListAsync(new ItemQuery { CurrentGate = Gate(i), IsOpen = true, Order = ItemOrder.LongestWaiting })).Items.Count == 50, i => $"SELECT json FROM item WHERE id IN (SELECT id FROM open_item WHERE current_gate = '{Gate(i)}' ORDER BY waiting_since, id LIMIT 50)"),
            ("column, newest first", async i => (await _queries.ListAsync(new ItemQuery { WaitingOn = Waiting(i), IsOpen = true })).Items.Count == 50, i => $"{page} AND waiting_on = '{Waiting(i)}' ORDER BY updated_at DESC, id LIMIT 50"),
            ("column of a repository and an agent", async i => await _queries.ListAsync(new ItemQuery { CurrentGate = Gate(i), Repository = BoardItem.Repository(i), Agent = BoardItem.Agent(i), Order = ItemOrder.LongestWaiting }) is not null, i => $"SELECT json FROM item WHERE id IN (SELECT id FROM open_item WHERE current_gate = '{Gate(i)}' AND repository = '{BoardItem.Repository(i)}' AND agent = '{BoardItem.Agent(i)}' ORDER BY waiting_since, id LIMIT 50)"),
            ("overdue", async _ => (await _queries.ListAsync(new ItemQuery { IsOpen = true, OverdueAt = now })).Items.Count > 0, _ => $"{page} AND next_deadline < {now.UtcTicks} ORDER BY updated_at DESC, id LIMIT 50"),
            ("text that many have", async i => (await _queries.ListAsync(new ItemQuery { Text = i % 2 == 0 ? "login" : "Invoice", IsOpen = true })).Items.Count == 50, i => $"{page} AND instr(lower(title), '{(i % 2 == 0 ? "login" : "invoice")}') ORDER BY updated_at DESC, id LIMIT 50"),
            ("text that one open item has", async i => (await _queries.ListAsync(new ItemQuery { Text = Id(i), IsOpen = true })).Items.Count == 1, i => $"{page} AND instr(lower(id), '{Id(i).ToLowerInvariant()}') ORDER BY updated_at DESC, id LIMIT 50"),
            ("text that no open item has", async i => (await _queries.ListAsync(new ItemQuery { Text = "nowhere" + i, IsOpen = true })).Items.Count == 0, i => $"{page} AND instr(lower(title), 'nowhere{i}') ORDER BY updated_at DESC, id LIMIT 50"),
            (TextInClosed, async i => (await _queries.ListAsync(new ItemQuery { Text = "cache retry" })).Items.Count == 50, i => "SELECT json FROM item WHERE instr(lower(title), 'cache retry') ORDER BY updated_at DESC, id LIMIT 50"),
            ("item and its changes", async i => (await _store.FindItemsAsync([Id(i)], default)).Count == 1 && (await _queries.ReadTransitionsAsync(new TransitionQuery { ItemId = Id(i), NewestFirst = true })).Count > 0, i => $"SELECT json FROM item WHERE id = '{Id(i)}' UNION ALL SELECT json FROM transition WHERE item_id = '{Id(i)}'"),
            ("last changes", async _ => (await _queries.ReadTransitionsAsync(new TransitionQuery { NewestFirst = true })).Count == 100, _ => "SELECT json FROM transition ORDER BY seq DESC LIMIT 100"),
            ("lines", async _ => (await _queries.ListLinesAsync()).Count == BoardFill.Lines, _ => "SELECT key, value FROM line_index WHERE key >= 'l' || char(9) AND key < 'l' || char(10)"),
            ("one line, 50 commits", async _ => (await _queries.ReadLineAsync(new LineQuery { Repository = "acme/long", Branch = "main" }))!.Commits.Count == 50, _ => "SELECT value FROM line_index WHERE key >= 's' || char(9) || 'acme/long' || char(9) AND key < 's' || char(9) || 'acme/long' || char(10) ORDER BY key DESC LIMIT 50"),
            ("one line, 50 commits further down", async _ => (await _queries.ReadLineAsync(new LineQuery { Repository = "acme/long", Branch = "main", Before = _lineBefore }))!.Commits.Count == 50, _ => "SELECT value FROM line_index WHERE key >= 's' || char(9) || 'acme/long' || char(9) AND key < 's' || char(9) || 'acme/long' || char(10) ORDER BY key DESC LIMIT 50 OFFSET 200"),
            ("quarantine", async _ => (await _queries.ReadQuarantineAsync(100)).Count == 100, _ => "SELECT id, source, kind, detail, received_at, body FROM quarantine ORDER BY seq DESC LIMIT 100"),
            ("incidents", async _ => (await _incidents.ListAsync()).Count == BoardFill.Incidents * 3 / 4, _ => "SELECT body FROM document WHERE name >= 'alerting/incident/' AND name < 'alerting/incident0'"),
        ];

        string Count(string where) => string.Create(CultureInfo.InvariantCulture, $"{board.Replace("pipeline, current_gate, furthest_gate, waiting_on", "pipeline, current_gate, waiting_on", StringComparison.Ordinal)} {now.UtcTicks}) FROM open_item {where} GROUP BY 1, 2, 3");
    }

    private static string Pipeline(int i) => i % 2 == 0 ? "delivery" : "hotfix";

    // The gates after which open items stand, none of them empty.
    private static string Gate(int i) => Gates.Default[i % (BoardItem.Stages - 1)];

    // What DONE asks for.
    private static string Waiting(int i) => BoardItem.Pipelines[0].Done.Gates[i % BoardItem.Pipelines[0].Done.Gates.Length];

    private string Id(int i) => new BoardItem(completed + 1 + (int)((long)i * 7_919 % open), completed: false).Id;
}
