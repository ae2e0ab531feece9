namespace ClosedLoop.Lines.Git;

/// <summary>How to read a whole line of a clone.</summary>
public sealed class GitLineHistoryOptions
{
    /// <summary>The default of <see cref="PageSize"/>: 5,000 commits.</summary>
    public const int DefaultPageSize = 5_000;

    /// <summary>Commits in one page; 1 to 100,000. The default is 5,000.</summary>
    public int PageSize { get; set; } = DefaultPageSize;

    /// <summary>
    /// A whole commit id: only what the line has gained since then is read. Null, the default: the whole line.
    /// </summary>
    public string? After { get; set; }

    /// <summary>The git program. The default is <c>git</c>, found on the path.</summary>
    public string GitExecutable { get; set; } = "git";

    internal GitProgram Program => new(GitExecutable, "GitLineHistoryOptions:GitExecutable");

    internal void Validate()
    {
        if (PageSize is < 1 or > 100_000) throw new ArgumentException($"GitLineHistoryOptions:PageSize is {PageSize}; use 1 to 100000.");
        if (After is { } after && (after.Length is not (40 or 64) || !after.All(char.IsAsciiHexDigit)))
            throw new ArgumentException("GitLineHistoryOptions:After is no whole commit id; use 40 or 64 hexadecimal digits, or leave it null.");
        if (string.IsNullOrWhiteSpace(GitExecutable)) throw new ArgumentException("GitLineHistoryOptions:GitExecutable is empty; set it to 'git' or to the program's path.");
    }
}
