namespace ClosedLoop.Adapters.Jenkins;

/// <summary>A job's full name, as Jenkins builds it: the names of its folders and its own, joined by '/'.</summary>
internal static class JobName
{
    private const int MaxLength = 200;

    public static string Normalize(string path) => path.Trim().Trim('/');

    /// <summary>What is wrong with a configured path, or null.</summary>
    public static (string What, string Fix)? Problem(string? path)
    {
        string name = Normalize(path ?? "");
        if (name.Length == 0) return ("is not set", "use the job's full name, such as acme/web/main");
        if (name.Length > MaxLength) return ($"is longer than {MaxLength} characters", "use the job's full name, not its address");
        string[] parts = name.Split('/');
        if (name.Contains("://", StringComparison.Ordinal) || (parts.Length > 1 && parts.Length % 2 == 0 && parts.Where(static (_, i) => i % 2 == 0).All(static p => p == "job")))
            return ("is an address, not a job's full name", "leave the job/ parts out: /job/acme/job/web is acme/web");
        if (Array.Exists(parts, static p => p.Length == 0 || p is "." or ".." || p.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c is '?' or '#' or '\\')))
            return ("is not a job's full name", "use the names of its folders and its own, joined by '/', such as acme/web/main");
        // Each name is encoded once more in an address, so the worst case of a key must still fit.
        return Address(name).Length > 280 ? ("is too long as an address", "shorten the job's name") : null;
    }

    /// <summary>The path of a job below Jenkins' root: <c>job/acme/job/web</c>. A branch <c>feature%2Fx</c> becomes <c>feature%252Fx</c>.</summary>
    public static string Address(string name) => string.Join('/', name.Split('/').Select(static part => "job/" + Uri.EscapeDataString(part)));
}
