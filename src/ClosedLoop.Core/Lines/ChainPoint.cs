namespace ClosedLoop.Lines;

/// <summary>A commit's place: a chain of first-parent history, and the position on it. Later commits have greater positions.</summary>
internal readonly record struct ChainPoint(int Chain, long Position);
