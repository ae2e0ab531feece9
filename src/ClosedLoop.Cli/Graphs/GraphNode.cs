namespace ClosedLoop.Cli.Graphs;

/// <summary>A gate in a drawing.</summary>
/// <param name="Gate">Its name.</param>
/// <param name="Required">Whether DONE needs it.</param>
/// <param name="Status">Its status, of an item; null in a pipeline.</param>
/// <param name="Reason">Why.</param>
/// <param name="Writer">Who says so.</param>
/// <param name="Description">What it means that it is passed.</param>
internal sealed record GraphNode(string Gate, bool Required, string? Status, string? Reason, string? Writer, string? Description);
