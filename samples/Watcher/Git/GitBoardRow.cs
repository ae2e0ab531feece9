namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>One gate of a <see cref="GitBoard"/>.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Passed">Items for which it holds.</param>
/// <param name="Unseen">Items that went past it without evidence.</param>
/// <param name="Waiting">Items that it has no evidence for, yet.</param>
/// <param name="Furthest">Items whose furthest passed gate it is.</param>
internal readonly record struct GitBoardRow(string Gate, int Passed, int Unseen, int Waiting, int Furthest);
