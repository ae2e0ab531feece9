using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>Says why git does not open a folder, and what to do about it.</summary>
internal static class GitRefusal
{
    public static GitHistoryException Of(string path, string error)
    {
        if (error.Contains("dubious ownership", StringComparison.Ordinal))
            return new GitHistoryException($"git refuses '{path}' because another user owns it; allow it with 'git config --global --add safe.directory PATH'.");
        return error.Contains("not a git repository", StringComparison.Ordinal)
            ? new GitHistoryException($"'{path}' is not in a git repository; name the folder of a clone, for instance one made by 'git clone --bare URL'.")
            : new GitHistoryException($"git cannot read '{path}': {error}");
    }
}
