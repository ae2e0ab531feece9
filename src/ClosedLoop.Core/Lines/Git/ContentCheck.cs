using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>Asks git whether a patch is in a tree, by an index of its own in a temporary folder: nothing is written to the clone.</summary>
internal sealed class ContentCheck(GitRunner git) : IDisposable
{
    private const long MaxPatchBytes = 16L * 1024 * 1024;
    private const int MaxPaths = 200;

    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-index-").FullName;
    private int _indexes;

    /// <summary>The patch of a difference, on all its paths or on some of them; null when there is none or it is too large.</summary>
    public async Task<byte[]?> PatchAsync(DiffKey diff, IReadOnlyCollection<string>? paths, CancellationToken cancellationToken)
    {
        if (paths is { Count: > MaxPaths }) return null;
        string[] limit = paths is null ? [] : ["--", .. paths];
        var call = new GitCall(["diff-tree", "--stdin", "-r", "-p", "--root", "--no-commit-id", "--binary", "--full-index", .. PatchText.Options, .. limit])
        {
            Input = GitInput.Lines([diff.InputLine]),
            MaxOutputBytes = MaxPatchBytes,
        };
        return await git.TryAsync(call, cancellationToken).ConfigureAwait(false) is { Output.Length: > 0 } patch ? patch.Output.ToArray() : null;
    }

    /// <summary>An index with some paths in it; null when git takes none such, as for a path that would lead out of a work tree.</summary>
    public async Task<string?> IndexAsync(IEnumerable<(string Path, string? Content)> entries, CancellationToken cancellationToken)
    {
        string file = NewIndex();
        // <mode> SP <id> TAB <path> NUL
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(entries.Where(static e => e.Content is not null).Select(static e => $"{e.Content}\t{e.Path}\0")));
        return await git.TryAsync(new GitCall("update-index", "-z", "--index-info") { Input = input, IndexFile = file }, cancellationToken).ConfigureAwait(false) is null ? null : file;
    }

    /// <summary>An index with the whole tree of a commit in it, or null.</summary>
    public async Task<string?> IndexAsync(string commit, CancellationToken cancellationToken)
    {
        string file = NewIndex();
        return await git.TryAsync(new GitCall("read-tree", commit) { IndexFile = file }, cancellationToken).ConfigureAwait(false) is null ? null : file;
    }

    /// <summary>Whether the patch can be taken back: its content is there.</summary>
    public Task<bool> IsPresentAsync(byte[] patch, string index, CancellationToken cancellationToken) => AppliesAsync(patch, index, ["--reverse"], cancellationToken);

    /// <summary>Whether the patch can be applied: its content is not there, and its place is as before it.</summary>
    public Task<bool> IsAbsentAsync(byte[] patch, string index, CancellationToken cancellationToken) => AppliesAsync(patch, index, [], cancellationToken);

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that was just killed may still hold a file in it; the system's own cleaning takes it.
        }
    }

    private async Task<bool> AppliesAsync(byte[] patch, string index, string[] direction, CancellationToken cancellationToken) =>
        (await git.RunAsync(new GitCall(["apply", "--check", "--cached", .. direction]) { Input = patch, IndexFile = index }, cancellationToken).ConfigureAwait(false)).Succeeded;

    private string NewIndex() => Path.Combine(_folder, $"index-{_indexes++}");
}
