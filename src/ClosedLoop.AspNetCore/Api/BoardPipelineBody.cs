using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Api;

internal sealed record BoardPipelineBody
{
    public required string Name { get; init; }

    public string? DoneDefinition { get; init; }

    public required IReadOnlyList<string> DoneGates { get; init; }

    public required IReadOnlyList<BoardGateBody> Gates { get; init; }

    /// <summary>Items that have not passed the first gate.</summary>
    public int BeforeFirst { get; init; }

    /// <summary>Since when the open item that waits longest has waited; null when there is none or it is not known.</summary>
    public DateTimeOffset? OldestSince { get; init; }

    public int Open { get; init; }

    /// <summary>Null, like the other counts of what is closed, when only open items were counted.</summary>
    public int? Done { get; init; }

    public int? Abandoned { get; init; }

    public int Overdue { get; init; }

    public int? Migrated { get; init; }

    public int? Total { get; init; }

    public static BoardPipelineBody Of(string name, PipelineDefinition? pipeline, IReadOnlyList<BoardRow> rows, bool openOnly)
    {
        // Items keep gates that their pipeline lost until they are folded again: those come last rather than vanish.
        List<string> gates = [.. pipeline?.Gates.Select(static g => g.Name) ?? []];
        gates.AddRange(rows.SelectMany(static r => new[] { r.CurrentGate, r.WaitingOn }).OfType<string>().Distinct(StringComparer.Ordinal).Except(gates, StringComparer.Ordinal).ToList());
        var live = rows.Where(static r => !r.IsAbandoned).ToList();
        return new BoardPipelineBody
        {
            Name = name,
            DoneDefinition = pipeline?.Done.Name,
            DoneGates = [.. pipeline?.Done.Gates ?? []],
            Gates = [.. gates.Select((gate, i) => new BoardGateBody(
                gate,
                pipeline?.Find(gate)?.Description,
                Sum(live.Where(r => r.WaitingOn == gate)),
                Sum(live.Where(r => r.CurrentGate == gate)),
                Sum(live.Where(r => r.CurrentGate is { } current && gates.IndexOf(current) >= i)),
                live.Where(r => r.WaitingOn == gate).Sum(static r => r.Overdue),
                live.Where(r => r.WaitingOn == gate).Min(static r => r.OldestSince)))],
            OldestSince = live.Min(static r => r.OldestSince),
            BeforeFirst = Sum(live.Where(static r => r.CurrentGate is null)),
            Open = Sum(live.Where(static r => !r.IsDone)),
            Done = openOnly ? null : Sum(rows.Where(static r => r.IsDone)),
            Abandoned = openOnly ? null : Sum(rows.Where(static r => r.IsAbandoned)),
            Overdue = rows.Sum(static r => r.Overdue),
            Migrated = openOnly ? null : Sum(rows.Where(static r => r.Migration is not null)),
            Total = openOnly ? null : Sum(rows),
        };
    }

    private static int Sum(IEnumerable<BoardRow> rows) => rows.Sum(static r => r.Items);
}
