namespace ClosedLoop.Storage;

/// <summary>What the open items can be filtered by. Of each the <see cref="MaxNames"/> with the most open items, most first, then by name.</summary>
/// <param name="Repositories">The repositories.</param>
/// <param name="Agents">The agents.</param>
/// <param name="Priorities">The priorities.</param>
public sealed record BoardFacets(IReadOnlyList<FacetCount> Repositories, IReadOnlyList<FacetCount> Agents, IReadOnlyList<FacetCount> Priorities)
{
    /// <summary>The most names of each.</summary>
    public const int MaxNames = 500;
}
