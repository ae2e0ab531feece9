using System.Globalization;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Reads which build an address names. What comes out is a configured job and a number, and every address that is ever requested is
/// made from those: an address out of a payload is not.
/// </summary>
internal static class BuildAddress
{
    private const int MaxLength = 2000;

    /// <summary>Finds the job and number of a build's address, or says why there is none.</summary>
    public static (JobRule Job, long Number)? Read(string address, JenkinsSettings settings, out string problem)
    {
        if (BelowRoot(address, settings) is not { } path)
        {
            problem = "the build's address does not lie below Jenkins:BaseAddress or Jenkins:PublicAddress; set Jenkins:PublicAddress to the Jenkins URL of its system configuration";
            return null;
        }
        string[] segments = path.Trim('/').Split('/');
        if (segments.Length < 3 || segments.Length % 2 == 0 || ReadNumber(segments[^1]) is not { } number)
        {
            problem = "the address is not that of a build";
            return null;
        }
        string[] names = new string[segments.Length / 2];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Uri.UnescapeDataString(segments[(i * 2) + 1]);
            if (segments[i * 2] == "job" && names[i].Length > 0 && !names[i].Contains('/', StringComparison.Ordinal)) continue;
            problem = "the address is not that of a build";
            return null;
        }
        if (settings.Find(string.Join('/', names)) is not { } job)
        {
            problem = $"the job {Text.Quote(string.Join('/', names))} is not listed in Jenkins:Jobs";
            return null;
        }
        problem = "";
        return (job, number);
    }

    private static long? ReadNumber(string segment) =>
        long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;

    // Without a configured address of its own, Jenkins sends no absolute one, but build.url is always below its root.
    private static string? BelowRoot(string address, JenkinsSettings settings)
    {
        if (address.Length > MaxLength) return null;
        if (address.StartsWith("job/", StringComparison.Ordinal)) return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        foreach (var root in (ReadOnlySpan<Uri>)[settings.Root, settings.Base])
            if (Uri.Compare(uri, root, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0 &&
                uri.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal))
                return uri.AbsolutePath[root.AbsolutePath.Length..];
        return null;
    }
}
