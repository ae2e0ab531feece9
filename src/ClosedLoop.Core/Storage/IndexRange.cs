namespace ClosedLoop.Storage;

/// <summary>A range of the line index to read.</summary>
/// <param name="From">The first key, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Limit">The most rows to return; 0: all.</param>
/// <param name="Descending">Whether to begin at the end.</param>
public readonly record struct IndexRange(string From, string To, int Limit = 0, bool Descending = false);
