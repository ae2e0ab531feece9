using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>The dashboard's own addresses, absolute paths below the host's base. Immutable.</summary>
/// <param name="Base">Where the dashboard is mapped, without a slash at the end.</param>
internal sealed record DashboardAddresses(string Base)
{
    public string Board => Base + "/";

    public string Stuck => Base + "/stuck";

    public string Lines => Base + "/lines";

    public string Flow => Base + "/flow";

    public string Watcher => Base + "/watcher";

    public string Events => Base + "/events";

    public string Action(string name) => $"{Base}/actions/{name}";

    public string Asset(DashboardAsset asset) => $"{Base}/assets/{asset.Name}";

    /// <summary>Slashes of an id stay as they are: the route takes the rest of the path, and servers treat an escaped slash in their own ways.</summary>
    public string Item(string id) => Base + "/items/" + Uri.EscapeDataString(id).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>An address with parameters; those without a value are left out.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        char before = '?';
        foreach (var (name, value) in parameters)
        {
            if (string.IsNullOrEmpty(value)) continue;
            text.Append(before).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            before = '&';
        }
        return text.ToString();
    }

    /// <summary>Works out where the dashboard is from the endpoint that was reached, so that it may be mapped below groups and a path base.</summary>
    public static DashboardAddresses Of(HttpContext context, string pattern)
    {
        string raw = "/" + ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? pattern).Trim('/');
        string suffix = pattern.TrimEnd('/');
        string mapped = raw.EndsWith(suffix, StringComparison.Ordinal) ? raw[..^suffix.Length] : raw;
        return new DashboardAddresses(context.Request.PathBase.ToUriComponent() + mapped.TrimEnd('/'));
    }
}
