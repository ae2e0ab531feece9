namespace ClosedLoop.Adapters.GitOps.Flux;

/// <summary>How an object is.</summary>
/// <param name="Word">On Argo CD's scale.</param>
/// <param name="Reason">The reason of the condition Ready.</param>
/// <param name="Detail">For people.</param>
/// <param name="At">Since when.</param>
internal readonly record struct FluxState(string Word, string Reason, string Detail, DateTimeOffset? At);
