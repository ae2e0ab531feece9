using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Lines;

/// <summary>What a batch knows of one repository: its skeleton, its lines' heads, its baselines, its series.</summary>
internal sealed class RepositoryLines
{
    private RepositoryLines(LineGraph graph) => Graph = graph;

    public LineGraph Graph { get; }

    public string Repository => Graph.Repository;

    /// <summary>The heads whose history is known, by branch.</summary>
    public Dictionary<string, (LineHead Head, ChainPoint Point)> Heads { get; } = new(StringComparer.Ordinal);

    public List<(Key Subject, ChainPoint Point)> Baselines { get; } = [];

    /// <summary>The series that have evidence about commits of this repository.</summary>
    public List<SeriesName> Series { get; } = [];

    public Dictionary<string, LevelHistory> Levels { get; } = new(StringComparer.Ordinal);

    public static async ValueTask<RepositoryLines> ReadAsync(string repository, LineIndex index, LineMap map)
    {
        var lines = new RepositoryLines(await map.GraphAsync(repository).ConfigureAwait(false));
        var rows = await index.ScanAsync([LineKeys.Under(LineKeys.Heads(repository)), LineKeys.Under(LineKeys.Baselines(repository))]).ConfigureAwait(false);
        foreach (var row in rows[0])
        {
            var head = LineHead.Read(row.Value);
            if (head.Known is { } known && await map.LocateAsync(repository, known).ConfigureAwait(false) is { } point) lines.Heads[LineKeys.Last(row.Key)] = (head, point);
        }
        foreach (var row in rows[1])
            if (await map.LocateAsync(repository, row.Value).ConfigureAwait(false) is { } point)
                lines.Baselines.Add((Key.Parse(LineKeys.Last(row.Key)), point));
        lines.Series.AddRange(await SeriesName.AllAsync(index, repository).ConfigureAwait(false));
        return lines;
    }

    /// <summary>The parts of the first-parent history of the lines that a gate asks for; null when it asks for none in particular.</summary>
    public Dictionary<int, long>? PartsOf(GateDefinition gate)
    {
        if (gate.Lines.IsDefaultOrEmpty) return null;
        var parts = new Dictionary<int, long>();
        foreach (var (branch, head) in Heads)
            if (gate.Lines.Any(pattern => LinePattern.Matches(pattern, branch)))
                foreach (var part in Graph.FirstParents(head.Point))
                    parts[part.Chain] = Math.Max(part.Position, parts.GetValueOrDefault(part.Chain, long.MinValue));
        return parts;
    }
}
