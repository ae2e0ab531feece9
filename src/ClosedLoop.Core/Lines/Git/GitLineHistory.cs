using System.Runtime.CompilerServices;
using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads a whole line of a local clone by means of the git program, to load it at once. Nothing is fetched and nothing is written.</summary>
/// <remarks>Streams: memory does not grow with the line. Works with bare and shallow clones and SHA-256 repositories. Safe from any thread.</remarks>
public static class GitLineHistory
{
    /// <summary>Reads a line's first-parent history, oldest commit first, in pages.</summary>
    /// <param name="path">A folder in a clone's work tree, or a bare clone.</param>
    /// <param name="repository">The repository's name in keys, <c>owner/name</c>.</param>
    /// <param name="revision">The line: a branch, or a commit.</param>
    /// <param name="options">What to read; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the git process.</param>
    /// <returns>
    /// Pages of <see cref="GitLineHistoryOptions.PageSize"/> commits with all their parents. Of a shallow clone the commits at which it was cut
    /// are left out: their parents are not known.
    /// </returns>
    /// <exception cref="GitHistoryException">While reading: no such folder, no repository, no such revision, no git program, or git failed.</exception>
    /// <exception cref="ArgumentException">An argument or option is out of range.</exception>
    public static IAsyncEnumerable<IReadOnlyList<CommitNode>> ReadAsync(
        string path, string repository, string revision, GitLineHistoryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(repository);
        ArgumentException.ThrowIfNullOrWhiteSpace(revision);
        options ??= new GitLineHistoryOptions();
        options.Validate();
        return PagesAsync(System.IO.Path.GetFullPath(path), repository.Trim('/').ToLowerInvariant(), revision, options, cancellationToken);
    }

    private static async IAsyncEnumerable<IReadOnlyList<CommitNode>> PagesAsync(
        string path, string repository, string revision, GitLineHistoryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var clone = await GitRepository.OpenAsync(options.Program, path, cancellationToken).ConfigureAwait(false);
        string[] revisions = [await clone.CommitAsync(revision, cancellationToken).ConfigureAwait(false), .. options.After is { } after ? ["^" + after.ToLowerInvariant()] : Array.Empty<string>()];
        using var git = clone.Git.Start(new GitCall("rev-list", "--first-parent", "--reverse", "--parents", "--timestamp", "--stdin") { Input = [] });
        await git.Input.WriteAsync(GitInput.Lines(revisions), cancellationToken).ConfigureAwait(false);
        git.Input.Close();
        using var reader = new StreamReader(git.Output, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);
        var page = new List<CommitNode>(options.PageSize);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var node = Parse(repository, line, clone);
            if (clone.Cut.Contains(node.Sha)) continue;
            page.Add(node);
            if (page.Count < options.PageSize) continue;
            yield return page;
            page = new List<CommitNode>(options.PageSize);
        }
        var (code, error) = await git.ExitAsync(cancellationToken).ConfigureAwait(false);
        if (code != 0) throw new GitHistoryException($"git rev-list failed with exit code {code}: {error}. Check the clone with 'git fsck', or clone it again.");
        if (page.Count > 0) yield return page;
    }

    // <seconds> SP <id> (SP <parent>)*
    private static CommitNode Parse(string repository, string line, GitRepository clone)
    {
        string[] parts = line.Split(' ');
        if (parts.Length < 2 || !parts.Skip(1).All(clone.IsId)) throw new GitHistoryException("git rev-list printed something that is no commit; is GitLineHistoryOptions:GitExecutable really git?");
        return new CommitNode(repository, parts[1], [.. parts.AsSpan(2)]) { CommittedAt = CommitTime.Parse(parts[0]) };
    }
}
