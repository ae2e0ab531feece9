using System.Globalization;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>Keeps the rest of lists that are read page by page, so that all pages are of one version. Under the world's lock only.</summary>
internal sealed class ListPages
{
    /// <summary>A real server forgets a list after five minutes; this one when there are more than this.</summary>
    public const int MaxKept = 50;

    private readonly Dictionary<string, (long Version, List<ClusterObject> Items)> _rest = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();
    private int _count;

    /// <summary>The first page of a list.</summary>
    /// <returns>The page, and what leads to the next; null: there is none.</returns>
    public (List<ClusterObject> Page, string? Continue) Begin(List<ClusterObject> all, long version, int limit)
    {
        if (limit <= 0 || all.Count <= limit) return (all, null);
        string token = string.Create(CultureInfo.InvariantCulture, $"{version}-{++_count}");
        _rest[token] = (version, all[limit..]);
        _oldest.Enqueue(token);
        if (_oldest.Count > MaxKept) _rest.Remove(_oldest.Dequeue());
        return (all[..limit], token);
    }

    /// <summary>A later page with its version; null when its list is forgotten.</summary>
    public (List<ClusterObject> Page, string? Continue, long Version)? Next(string token, int limit)
    {
        if (!_rest.TryGetValue(token, out var kept)) return null;
        var (page, next) = Begin(kept.Items, kept.Version, limit);
        return (page, next, kept.Version);
    }
}
