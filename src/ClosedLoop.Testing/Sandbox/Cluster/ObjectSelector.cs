using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>Which objects a request is about: labels by equality and presence, and fields by the object's name.</summary>
internal sealed class ObjectSelector
{
    private readonly List<Func<ClusterObject, bool>> _terms = [];

    /// <summary>Reads the query; null when it selects in a way that is not simulated.</summary>
    public static ObjectSelector? Read(IQueryCollection query)
    {
        var selector = new ObjectSelector();
        foreach (string term in Terms(query["labelSelector"].ToString()))
        {
            if (term.AsSpan().IndexOfAny("() ") >= 0) return null;
            string[] parts = term.Split(["!=", "==", "="], 2, StringSplitOptions.None);
            bool not = term.StartsWith('!') || term.Contains("!=", StringComparison.Ordinal);
            if (parts is [var key, var value]) selector._terms.Add(o => (Label(o, key) == value) != not);
            else selector._terms.Add(o => Label(o, term.TrimStart('!')) is null == not);
        }
        foreach (string term in Terms(query["fieldSelector"].ToString()))
        {
            if (term.Split('=', 2) is not ["metadata.name", var name]) return null;
            selector._terms.Add(o => o.Name == name);
        }
        return selector;
    }

    public bool Takes(ClusterObject candidate) => _terms.TrueForAll(t => t(candidate));

    private static string[] Terms(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Label(ClusterObject candidate, string key) => candidate.Json["metadata"]!["labels"] is JsonObject labels ? (string?)labels[key] : null;
}
