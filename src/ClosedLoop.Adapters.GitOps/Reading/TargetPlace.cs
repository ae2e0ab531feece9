namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Where an object's facts belong.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Target">The target in it.</param>
/// <param name="Repository">The repository of the source's revisions, or null.</param>
internal sealed record TargetPlace(string Environment, string Target, string? Repository);
