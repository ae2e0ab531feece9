using ClosedLoop.Lines.Git;

namespace ClosedLoop.Migration;

/// <summary>Reads the landings of a clone's default branch by means of the git program. Nothing is fetched and nothing is written.</summary>
/// <remarks>
/// <para>One <c>git log</c> over the whole history is streamed: the commits that a merge brought in are needed for its lead time.</para>
/// <para>
/// A landing is a commit of the branch's first-parent history. Each other commit belongs to the oldest landing that reaches it. The
/// lead time of a landing is its committer time minus the earliest author time among the commits that belong to it.
/// </para>
/// <para>Works with bare and shallow clones, a detached HEAD, worktrees and SHA-256 repositories. Safe from any thread.</para>
/// </remarks>
public static class GitHistoryReader
{
    private const int ReadBufferBytes = 128 * 1024;
    private const int ProgressEvery = 4096;

    // %x00 after each field and -z after each commit: a subject cannot hold a NUL, so nothing in a message can be taken for a field.
    private const string LogFormat = "--format=%H %P%x00%at %ct%x00%s";

    /// <summary>Reads a clone.</summary>
    /// <param name="path">A folder in a clone's work tree, or a bare clone.</param>
    /// <param name="options">What to read; null for the defaults.</param>
    /// <param name="progress">Told now and then how far the reading has come; may be null.</param>
    /// <param name="cancellationToken">Stops the git process.</param>
    /// <returns>The history; for a repository without commits, one without landings.</returns>
    /// <exception cref="GitHistoryException">No such folder, no repository, no such branch, no git program, or git failed.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static async Task<GitHistory> ReadAsync(
        string path, GitHistoryOptions? options = null, IProgress<GitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new GitHistoryOptions();
        options.Validate();
        var clone = await GitClone.OpenAsync(path, options, cancellationToken).ConfigureAwait(false);
        if (clone.Head is null)
        {
            return new GitHistory
            {
                Repository = clone.Repository, Branch = clone.Branch, Head = null, IsShallow = clone.IsShallow, CommitCount = 0, FirstParentCount = 0, Landings = [],
            };
        }
        var commits = new CommitTable(clone.Head.Length / 2);
        await ReadLogAsync(clone, options, commits, progress, cancellationToken).ConfigureAwait(false);
        var chain = FirstParentChain.Walk(commits, clone.Head);
        return new GitHistory
        {
            Repository = clone.Repository,
            Branch = clone.Branch,
            Head = clone.Head,
            IsShallow = clone.IsShallow,
            CommitCount = commits.ReadCount,
            FirstParentCount = chain.Count,
            Landings = chain.Landings(options.Since),
        };
    }

    private static async Task ReadLogAsync(GitClone clone, GitHistoryOptions options, CommitTable commits, IProgress<GitProgress>? progress, CancellationToken cancellationToken)
    {
        using var git = GitProcess.Start(options.Program, clone.Path,
            "--no-pager", "log", "-z", LogFormat, "--encoding=UTF-8", "--no-show-signature", "--no-color", "--no-decorate", "--no-notes", "--no-patch",
            "--end-of-options", clone.Head!, "--");
        var parser = new GitLogParser(commits, options.MaxCommits);
        byte[] buffer = new byte[ReadBufferBytes];
        int filled = 0, reported = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= GitLogParser.MaxRecordBytes) throw new GitHistoryException($"A commit's subject is longer than {GitLogParser.MaxRecordBytes} bytes; the history cannot be read.");
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            int read = await git.Output.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read == 0) break;
            filled += read;
            int used = parser.Parse(buffer.AsSpan(0, filled));
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (progress is not null && commits.ReadCount - reported >= ProgressEvery)
            {
                reported = commits.ReadCount;
                progress.Report(new GitProgress(reported, parser.LastCommittedAt));
            }
        }
        var (code, error) = await git.ExitAsync(cancellationToken).ConfigureAwait(false);
        if (code != 0) throw new GitHistoryException($"git log failed with exit code {code}: {error}. Check the clone with 'git fsck', or clone it again.");
        if (filled != 0) throw new GitHistoryException("git log ended in the middle of a commit; check the clone with 'git fsck', or clone it again.");
        progress?.Report(new GitProgress(commits.ReadCount, parser.LastCommittedAt));
    }
}
