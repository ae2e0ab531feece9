using System.Collections.Immutable;

namespace ClosedLoop.Storage;

/// <summary>A pipeline as configured now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Gates">Its gates' names.</param>
/// <param name="Signature">Changes exactly when one of its rules changes.</param>
public sealed record PipelineVersion(string Name, ImmutableArray<string> Gates, string Signature);
