using System.Globalization;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Reads which build an address names. What comes out is a configured job and a number, and every address that is ever requested is
/// made from those: an address out of a payload is not.
/// </summary>
internal static class BuildAddress
{
    private const int MaxLength = 2000;
    private const string QueueItem = "queue/item/";

    /// <summary>Finds the job and number of a build's address, or says why there is none.</summary>
    public static (JobRule Job, long Number)? Read(string address, JenkinsSettings settings, out string problem)
    {
        if (BelowRoot(address, settings) is not { } path)
        {
            problem = "the build's address does not lie below Jenkins:BaseAddress or Jenkins:PublicAddress; set Jenkins:PublicAddress to the Jenkins URL of its system configuration";
            return null;
        }
        int slash = path.TrimEnd('/').LastIndexOf('/');
        if (slash < 0 || ReadNumber(path.TrimEnd('/')[(slash + 1)..]) is not { } number || Names(path[..slash]) is not { } name)
        {
            problem = "the address is not that of a build";
            return null;
        }
        return settings.Find(name, out problem) is { } job ? (job, number) : null;
    }

    /// <summary>Finds the job of a job's address, or null when it does not count.</summary>
    public static JobRule? ReadJob(string address, JenkinsSettings settings) =>
        BelowRoot(address, settings) is { } path && Names(path) is { } name ? settings.Find(name, out _) : null;

    /// <summary>The id of the queue item that an address names, or null.</summary>
    public static long? ReadQueueItem(string address, JenkinsSettings settings) =>
        BelowRoot(address, settings)?.Trim('/') is { } path && path.StartsWith(QueueItem, StringComparison.Ordinal) ? ReadNumber(path[QueueItem.Length..]) : null;

    /// <summary>
    /// Takes an address apart by itself, without configuration: Jenkins' root, ending with '/', the job's full name, and the build's number
    /// or null. Null when it has no job in it.
    /// </summary>
    public static (string Root, string Job, long? Number)? Split(string address)
    {
        if (address.Length > MaxLength || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)) return null;
        int start = uri.AbsolutePath.IndexOf("/job/", StringComparison.Ordinal);
        if (start < 0) return null;
        string path = uri.AbsolutePath[(start + 1)..].TrimEnd('/');
        string root = $"{uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}{uri.AbsolutePath[..(start + 1)]}";
        if (Names(path) is { } job) return (root, job, null);
        int slash = path.LastIndexOf('/');
        return ReadNumber(path[(slash + 1)..]) is { } number && Names(path[..slash]) is { } name ? (root, name, number) : null;
    }

    // job/acme/job/web: the full name acme/web, or null when it is something else.
    private static string? Names(string path)
    {
        string[] segments = path.Trim('/').Split('/');
        if (segments.Length % 2 != 0) return null;
        string[] names = new string[segments.Length / 2];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Uri.UnescapeDataString(segments[(i * 2) + 1]);
            if (segments[i * 2] != "job" || names[i].Length == 0 || names[i].Contains('/', StringComparison.Ordinal)) return null;
        }
        return string.Join('/', names);
    }

    private static long? ReadNumber(string segment) =>
        long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;

    // Without a configured address of its own, Jenkins sends no absolute one, but build.url is always below its root.
    private static string? BelowRoot(string address, JenkinsSettings settings)
    {
        if (address.Length > MaxLength) return null;
        if (address.StartsWith("job/", StringComparison.Ordinal) || address.StartsWith(QueueItem, StringComparison.Ordinal)) return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        foreach (var root in (ReadOnlySpan<Uri>)[settings.Root, settings.Base])
            if (Uri.Compare(uri, root, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0 &&
                uri.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal))
                return uri.AbsolutePath[root.AbsolutePath.Length..];
        return null;
    }
}
