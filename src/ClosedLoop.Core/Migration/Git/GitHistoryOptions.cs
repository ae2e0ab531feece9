using ClosedLoop.Lines.Git;

namespace ClosedLoop.Migration;

/// <summary>What to read of a clone.</summary>
public sealed class GitHistoryOptions
{
    /// <summary>The default of <see cref="MaxCommits"/>.</summary>
    public const int DefaultMaxCommits = 10_000_000;

    /// <summary>
    /// The branch or other revision to read. The default is null: what the remote <c>origin</c> calls its default branch when the
    /// clone knows it, else HEAD.
    /// </summary>
    public string? Branch { get; set; }

    /// <summary>The name of the repository in keys, <c>owner/name</c>. The default is null: taken from the remote <c>origin</c>.</summary>
    public string? Repository { get; set; }

    /// <summary>
    /// Only landings committed at or after this instant are reported. The default is null: all. The whole history is read all the
    /// same, because which landing brought a commit in depends on all landings before it.
    /// </summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>The git program. The default is <c>git</c>, found on the path.</summary>
    public string GitExecutable { get; set; } = "git";

    /// <summary>The most commits to read; about 100 bytes of memory each. The default is 10,000,000; at least 1.</summary>
    public int MaxCommits { get; set; } = DefaultMaxCommits;

    /// <summary>The program, named in messages by the option of this class.</summary>
    internal GitProgram Program => new(GitExecutable, "GitHistoryOptions:GitExecutable");

    internal void Validate()
    {
        if (MaxCommits < 1) throw new ArgumentException($"GitHistoryOptions:MaxCommits is {MaxCommits}; set it to 1 or more.");
        if (string.IsNullOrWhiteSpace(GitExecutable)) throw new ArgumentException("GitHistoryOptions:GitExecutable is empty; set it to 'git' or to the program's path.");
        if (Branch is { } branch && (branch.Length is 0 or > 1024 || branch.Any(char.IsControl)))
            throw new ArgumentException("GitHistoryOptions:Branch is no revision; name a branch, or leave it null for the default branch.");
        if (Repository is { } repository && !Facts.Key.TryParse($"pr:{repository}#1", out _))
            throw new ArgumentException("GitHistoryOptions:Repository is no repository name; use owner/name, or leave it null.");
    }
}
