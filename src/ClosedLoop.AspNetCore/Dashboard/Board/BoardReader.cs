using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.Hosting;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Board;

/// <summary>Reads the board: counts of every gate and one page of items, whatever the number of items.</summary>
internal sealed class BoardReader(ILoopQueries queries, int pageSize, TimeProvider time)
{
    private readonly FacetMemory _facets = new(queries, time);

    public async ValueTask<Page> ReadAsync(HttpContext context)
    {
        var filter = Filter(context);
        if (!PageCursor.TryDecode(RequestRead.Query(context, "cursor"), out string? cursor)) return ErrorPage.BadCursor();
        string pipeline = filter.Pipeline ?? queries.Pipelines[0].Name;
        // Of every pipeline, so that those that are no longer configured can be chosen too.
        var rows = await queries.CountAsync(new BoardQuery { Repository = filter.Repository, Agent = filter.Agent, Priority = filter.Priority }, context.RequestAborted).ConfigureAwait(false);
        var facets = await _facets.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        var definition = queries.Pipelines.FirstOrDefault(p => p.Name == pipeline);
        var gates = GateNames(definition, rows.Where(r => r.Pipeline == pipeline));
        int place = filter.Gate is null ? -1 : gates.IndexOf(filter.Gate);
        if (filter.Gate is not null && place < 0) return ErrorPage.NotFound("This pipeline has no such gate, and no item stands at one.");
        bool showsDone = filter.IsDone || (place >= 0 && IsAfterDone(gates, definition, place));
        var query = new ItemQuery
        {
            Pipeline = pipeline,
            CurrentGate = place < 0 ? null : place == 0 ? "" : gates[place - 1],
            Repository = filter.Repository,
            Agent = filter.Agent,
            Priority = filter.Priority,
            IsOpen = showsDone ? null : true,
            IsDone = showsDone ? true : null,
            Order = showsDone ? ItemOrder.NewestChange : ItemOrder.LongestWaiting,
            OverdueAt = filter.IsOverdue ? time.GetUtcNow() : null,
            Text = filter.Text,
            Cursor = cursor,
            Limit = pageSize,
        };
        try
        {
            var page = await queries.ListAsync(query, context.RequestAborted).ConfigureAwait(false);
            return Page.Of<BoardPage>(Model(filter with { IsDone = showsDone }, pipeline, definition, gates, rows, facets, page, cursor is null), "Board", Section.Board);
        }
        catch (ArgumentException) when (cursor is not null)
        {
            return ErrorPage.BadCursor();
        }
    }

    private BoardModel Model(BoardFilter filter, string pipeline, PipelineDefinition? definition, List<string> gates, IReadOnlyList<BoardRow> rows, BoardFacets facets, StatusPage page, bool isFirst)
    {
        var own = rows.Where(r => r.Pipeline == pipeline).ToList();
        return new BoardModel
        {
            Filter = filter,
            Pipeline = pipeline,
            Pipelines = [.. queries.Pipelines.Select(static p => p.Name).Concat(rows.Select(static r => r.Pipeline)).Distinct(StringComparer.Ordinal)],
            Definition = definition,
            Columns = Columns(gates, definition, own, filter.IsScoped),
            Open = own.Where(static r => r is { IsDone: false, IsAbandoned: false }).Sum(static r => r.Items),
            Overdue = own.Sum(static r => r.Overdue),
            Done = own.Where(static r => r.IsDone).Sum(static r => r.Items),
            Abandoned = own.Where(static r => r.IsAbandoned).Sum(static r => r.Items),
            Migrated = own.Where(static r => r.Migration is not null).Sum(static r => r.Items),
            Repositories = [.. facets.Repositories.Select(static f => f.Name)],
            Agents = [.. facets.Agents.Select(static f => f.Name)],
            Priorities = [.. facets.Priorities.Select(static f => f.Name).Order(StringComparer.Ordinal)],
            Items = page.Items,
            NextCursor = PageCursor.Encode(page.NextCursor),
            IsFirstPage = isFirst,
        };
    }

    // Items keep gates that their pipeline lost until they are folded again: those come last rather than vanish.
    private List<GateColumn> Columns(List<string> gates, PipelineDefinition? pipeline, List<BoardRow> rows, bool isScoped)
    {
        var blind = queries.Sources.SelectMany(static s => s.Gates.Select(gate => (Gate: gate, IsBlind: s.BlindSince is not null))).ToLookup(static s => s.Gate, static s => s.IsBlind, StringComparer.Ordinal);
        return [.. gates.Select((gate, i) =>
        {
            bool isAfterDone = IsAfterDone(gates, pipeline, i);
            string? before = i == 0 ? null : gates[i - 1];
            var waiting = rows.Where(r => r.CurrentGate == before && !r.IsAbandoned && r.IsDone == isAfterDone).ToList();
            var definition = pipeline?.Find(gate);
            return new GateColumn
            {
                Gate = gate,
                Description = definition?.Description,
                // What is closed is counted by pipeline alone.
                Waiting = isAfterDone && isScoped ? null : waiting.Sum(static r => r.Items),
                Overdue = waiting.Sum(static r => r.Overdue),
                OldestSince = waiting.Min(static r => r.OldestSince),
                Limit = definition?.FinishWithin is { } limit ? limit + definition.Buffer : null,
                IsAfterDone = isAfterDone,
                IsInDone = pipeline?.Done.Gates.Contains(gate) ?? false,
                IsBlind = blind.Contains(gate) && blind[gate].All(static b => b),
            };
        })];
    }

    private static List<string> GateNames(PipelineDefinition? pipeline, IEnumerable<BoardRow> rows)
    {
        List<string> gates = [.. pipeline?.Gates.Select(static g => g.Name) ?? []];
        gates.AddRange(rows.SelectMany(static r => new[] { r.CurrentGate, r.WaitingOn }).OfType<string>().Distinct(StringComparer.Ordinal).Except(gates, StringComparer.Ordinal).ToList());
        return gates;
    }

    private static bool IsAfterDone(List<string> gates, PipelineDefinition? pipeline, int place) => pipeline is not null && pipeline.Done.Gates.All(g => gates.IndexOf(g) < place);

    private static BoardFilter Filter(HttpContext context) => new()
    {
        Pipeline = RequestRead.Query(context, "pipeline"),
        Gate = RequestRead.Query(context, "gate"),
        Repository = RequestRead.Query(context, "repository"),
        Agent = RequestRead.Query(context, "agent"),
        Priority = RequestRead.Query(context, "priority"),
        Text = RequestRead.Query(context, "q")?.Trim() is { Length: > 0 } text ? text : null,
        IsOverdue = RequestRead.Query(context, "overdue") is "true" or "on",
        IsDone = RequestRead.Query(context, "state") == "done",
    };
}
