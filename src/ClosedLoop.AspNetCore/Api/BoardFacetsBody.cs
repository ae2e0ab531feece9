using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>What the open items can be filtered by; of each the 500 with the most open items, most first.</summary>
internal sealed record BoardFacetsBody(IReadOnlyList<FacetBody> Repositories, IReadOnlyList<FacetBody> Agents, IReadOnlyList<FacetBody> Priorities)
{
    public static BoardFacetsBody Of(BoardFacets facets) => new(Of(facets.Repositories), Of(facets.Agents), Of(facets.Priorities));

    private static List<FacetBody> Of(IReadOnlyList<FacetCount> facets) => [.. facets.Select(static f => new FacetBody(f.Name, f.Items))];
}
