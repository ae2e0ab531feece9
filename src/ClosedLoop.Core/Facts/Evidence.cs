namespace ClosedLoop.Facts;

/// <summary>Where a person can look to see that a fact is so. Shown as a link, never fetched.</summary>
/// <param name="Url">An absolute http or https address, or null when there is none.</param>
/// <param name="Label">A short name, such as <c>build #311</c>; 200 characters at most are kept.</param>
public sealed record Evidence(Uri? Url, string? Label = null)
{
    /// <summary>Evidence at an address.</summary>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static Evidence At(Uri url, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        return IsWeb(url) ? new Evidence(url, label) : throw new ArgumentException($"Evidence must be an absolute http(s) address, not '{url}'.", nameof(url));
    }

    /// <summary>Evidence at an address.</summary>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static Evidence At(string url, string? label = null) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) ? At(uri, label) : throw new ArgumentException($"Evidence must be an absolute http(s) address, not '{url}'.", nameof(url));

    /// <summary>Evidence from text that a source sent: an unusable address is dropped, since it must not become a link.</summary>
    public static Evidence From(string? url, string? label = null) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsWeb(uri) ? new Evidence(uri, label) : new Evidence(null, label);

    private static bool IsWeb(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
}
