using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Migration;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>How many items stand where, gate by gate. Only counts are kept, so that any number of items fits.</summary>
internal sealed class GitBoard
{
    private readonly PipelineDefinition _pipeline;
    private readonly int[] _passed, _skipped, _waiting, _furthest;

    public GitBoard(PipelineDefinition pipeline)
    {
        _pipeline = pipeline;
        int gates = pipeline.Gates.Length;
        (_passed, _skipped, _waiting, _furthest) = (new int[gates], new int[gates], new int[gates], new int[gates]);
    }

    public int Items { get; private set; }

    public int Done { get; private set; }

    public IEnumerable<GitBoardRow> Rows
    {
        get
        {
            for (int i = 0; i < _pipeline.Gates.Length; i++)
                yield return new GitBoardRow(_pipeline.Gates[i].Name, _passed[i], _skipped[i], _waiting[i], _furthest[i]);
        }
    }

    /// <summary>Folds one item by itself: its facts name no other item's subjects, so a graph of its own gives the same state.</summary>
    public void Add(GitBackfillItem item)
    {
        var graph = new FactGraph();
        foreach (var fact in item.Facts) graph.Apply(fact);
        var state = ItemFold.Fold(_pipeline, item.Item, graph) ?? throw new InvalidOperationException($"The backfill of {item.Item} made no item.");
        Items++;
        if (state.IsDone) Done++;
        for (int i = 0; i < state.Gates.Count; i++)
        {
            var gate = state.Gates[i];
            if (gate.Holds) _passed[i]++;
            else if (gate.Reason == Reason.Skipped) _skipped[i]++;
            else _waiting[i]++;
            if (gate.Gate == state.FurthestGate) _furthest[i]++;
        }
    }
}
