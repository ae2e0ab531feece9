using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>One version of an object, as the API server keeps it.</summary>
/// <param name="Collection">Where it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its <c>resourceVersion</c>.</param>
/// <param name="Json">All of it but that; never changed.</param>
internal sealed record ClusterObject(ClusterCollection Collection, string Name, long Version, JsonObject Json)
{
    /// <summary>The object as it is shown: items of a list do not name their kind.</summary>
    public JsonObject Show(bool inList)
    {
        var shown = new JsonObject();
        if (!inList)
        {
            shown["kind"] = Collection.Kind;
            shown["apiVersion"] = Collection.ApiVersion;
        }
        foreach (var (name, value) in Json) shown[name] = value?.DeepClone();
        shown["metadata"]!["resourceVersion"] = Version.ToString(CultureInfo.InvariantCulture);
        return shown;
    }
}
