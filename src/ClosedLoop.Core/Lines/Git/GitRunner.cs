using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// Runs git on one clone. Nothing of the clone's own configuration may run a program or change what is read: no hooks, no file
/// monitor, no external or textual diff, no replaced objects.
/// </summary>
internal sealed class GitRunner(GitProgram program, string gitDirectory)
{
    private static readonly string Nowhere = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    private static readonly string[] Guarded =
    [
        "--no-pager", "--literal-pathspecs", "-c", $"core.hooksPath={Nowhere}", "-c", "core.fsmonitor=false", "-c", $"core.attributesFile={Nowhere}",
        "-c", "core.bigFileThreshold=4m", "-c", "diff.suppressBlankEmpty=false", "-c", "apply.ignoreWhitespace=no", "-c", "apply.whitespace=nowarn",
    ];

    private const int CopyBufferBytes = 128 * 1024;

    /// <summary>Starts a command whose output the caller streams.</summary>
    public GitProcess Start(GitCall call)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // What a commit's parents are, and what is in it, is said by its id and by nothing beside it.
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_GRAFT_FILE"] = Nowhere,
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_ADVICE"] = "0",
        };
        if (call.IndexFile is { } index) environment["GIT_INDEX_FILE"] = index;
        return GitProcess.Start(program, gitDirectory, [$"--git-dir={gitDirectory}", .. Guarded, .. call.Arguments], environment, call.Input is not null);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="GitHistoryException">It printed more than it may, or did not start.</exception>
    public async Task<GitAnswer> RunAsync(GitCall call, CancellationToken cancellationToken) =>
        await RunToLimitAsync(call, cancellationToken).ConfigureAwait(false)
        ?? throw new GitHistoryException($"git {call.Arguments[0]} printed more than {call.MaxOutputBytes / 1024 / 1024} MB; the clone is too unusual to be read.");

    /// <summary>Runs a command that has to succeed.</summary>
    /// <exception cref="GitHistoryException">It failed.</exception>
    public async Task<GitAnswer> ReadAsync(GitCall call, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Succeeded
            ? answer
            : throw new GitHistoryException($"git {call.Arguments[0]} failed with exit code {answer.Code}: {answer.Error}. Check the clone with 'git fsck', or clone it again.");
    }

    /// <summary>Runs a command that may fail.</summary>
    /// <returns>Null when it failed or printed more than it may.</returns>
    public async Task<GitAnswer?> TryAsync(GitCall call, CancellationToken cancellationToken) =>
        await RunToLimitAsync(call, cancellationToken).ConfigureAwait(false) is { Succeeded: true } answer ? answer : null;

    /// <summary>Feeds what one command prints to another, and returns what that one says.</summary>
    /// <returns>Null when either failed, or when the first printed more than its <see cref="GitCall.MaxOutputBytes"/>.</returns>
    public async Task<GitAnswer?> PipeAsync(GitCall from, GitCall to, CancellationToken cancellationToken)
    {
        using var source = Start(from);
        using var target = Start(to);
        var output = new MemoryStream();
        var input = FeedAsync(source, from.Input, cancellationToken);
        var answer = CopyAsync(target.Output, output, to.MaxOutputBytes, cancellationToken);
        bool whole;
        try
        {
            whole = await CopyAsync(source.Output, target.Input, from.MaxOutputBytes, cancellationToken).ConfigureAwait(false);
            if (!whole) source.Dispose();
            target.Input.Close();
        }
        catch (IOException)
        {
            // The second one ended before it had read all.
            whole = false;
            source.Dispose();
        }
        await input.ConfigureAwait(false);
        whole &= await answer.ConfigureAwait(false);
        var (code, error) = await target.ExitAsync(cancellationToken).ConfigureAwait(false);
        if (!whole || code != 0 || (await source.ExitAsync(cancellationToken).ConfigureAwait(false)).Code != 0) return null;
        return new GitAnswer(code, output.GetBuffer().AsMemory(0, (int)output.Length), error);
    }

    private async Task<GitAnswer?> RunToLimitAsync(GitCall call, CancellationToken cancellationToken)
    {
        using var git = Start(call);
        var input = FeedAsync(git, call.Input, cancellationToken);
        var output = new MemoryStream();
        if (!await CopyAsync(git.Output, output, call.MaxOutputBytes, cancellationToken).ConfigureAwait(false)) return null;
        await input.ConfigureAwait(false);
        var (code, error) = await git.ExitAsync(cancellationToken).ConfigureAwait(false);
        return new GitAnswer(code, output.GetBuffer().AsMemory(0, (int)output.Length), error);
    }

    private static async Task FeedAsync(GitProcess git, byte[]? input, CancellationToken cancellationToken)
    {
        if (input is null) return;
        try
        {
            await git.Input.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            git.Input.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It ended without reading all of it: its exit code tells why. A cancelled run is told by the reading of its output.
        }
    }

    private static async Task<bool> CopyAsync(Stream from, Stream to, long limit, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[CopyBufferBytes];
        long total = 0;
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if ((total += read) > limit) return false;
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
        return true;
    }
}
