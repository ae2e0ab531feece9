namespace ClosedLoop.Lines;

/// <summary>A merge commit of one chain that brought in the history of another one: staging merged into main.</summary>
internal readonly record struct MergeEdge(ChainPoint At, ChainPoint Other);
