namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>A list of the API: its path with a query, and the kind of its objects.</summary>
internal readonly record struct ObjectList(string Path, string Kind)
{
    private const int PageSize = 100;

    /// <summary>The lists of a custom resource, of all namespaces or of each that is named.</summary>
    public static IEnumerable<ObjectList> Of(string groupVersion, string resource, string kind, IReadOnlyCollection<string> namespaces) =>
        namespaces.Count == 0
            ? [new ObjectList($"apis/{groupVersion}/{resource}?limit={PageSize}", kind)]
            : namespaces.Select(n => new ObjectList($"apis/{groupVersion}/namespaces/{Uri.EscapeDataString(n)}/{resource}?limit={PageSize}", kind));
}
