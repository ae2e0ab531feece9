namespace ClosedLoop.Adapters.Oci;

/// <summary>One listed repository, frozen.</summary>
internal sealed record RepositoryRule(int Index, string Name, string? GitRepository, bool IsPartial);
