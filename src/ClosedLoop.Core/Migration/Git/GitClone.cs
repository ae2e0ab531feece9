using ClosedLoop.Lines.Git;

namespace ClosedLoop.Migration;

/// <summary>What is known of a clone before its history is read: which branch, from which commit, under which name.</summary>
internal sealed record GitClone(string Path, string Repository, string? Branch, string? Head, bool IsShallow)
{
    private const string RemoteHead = "refs/remotes/origin/HEAD";
    private const string RemotePrefix = "refs/remotes/origin/";
    private const string HeadsPrefix = "refs/heads/";

    public static async Task<GitClone> OpenAsync(string path, GitHistoryOptions options, CancellationToken cancellationToken)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full)) throw new GitHistoryException($"'{path}' is a file; name the folder of a clone.");
        if (!Directory.Exists(full)) throw new GitHistoryException($"There is no folder '{path}'; name the folder of a clone.");
        var git = new Runner(options.Program, full, cancellationToken);

        var (code, output, error) = await git.RunAsync("rev-parse", "--is-shallow-repository", "--path-format=absolute", "--git-common-dir").ConfigureAwait(false);
        if (code != 0) throw GitRefusal.Of(path, error);
        string[] lines = output.Split('\n');
        if (lines.Length < 2) throw new GitHistoryException("The git program is too old; version 2.31 or newer is needed.");

        var (branch, head) = await ResolveAsync(git, path, options.Branch).ConfigureAwait(false);
        string repository = options.Repository?.Trim().ToLowerInvariant()
            ?? RepositoryName.FromUrl((await git.RunAsync("config", "--get", "remote.origin.url").ConfigureAwait(false)).Output)
            ?? RepositoryName.FromFolder(lines[1].TrimEnd('\r'));
        return new GitClone(full, repository, branch, head, lines[0].Trim() == "true");
    }

    private static async Task<(string? Branch, string? Head)> ResolveAsync(Runner git, string path, string? asked)
    {
        if (asked is not null)
        {
            string commit = await CommitAsync(git, asked).ConfigureAwait(false)
                ?? throw new GitHistoryException($"'{path}' has no revision '{asked}'; list the branches with 'git branch --all', or leave the branch out.");
            return (ShortName(asked), commit);
        }
        var (_, remote, _) = await git.RunAsync("symbolic-ref", "--quiet", RemoteHead).ConfigureAwait(false);
        // After a fetch that pruned the old default branch, origin/HEAD may point to nothing.
        if (remote.StartsWith(RemotePrefix, StringComparison.Ordinal) && await CommitAsync(git, remote).ConfigureAwait(false) is { } tracked)
            return (ShortName(remote), tracked);
        var (_, local, _) = await git.RunAsync("symbolic-ref", "--quiet", "HEAD").ConfigureAwait(false);
        return (local.Length == 0 ? null : ShortName(local), await CommitAsync(git, "HEAD").ConfigureAwait(false));
    }

    private static async Task<string?> CommitAsync(Runner git, string revision)
    {
        var (code, output, _) = await git.RunAsync("rev-parse", "--quiet", "--verify", "--end-of-options", revision + "^{commit}").ConfigureAwait(false);
        if (code != 0) return null;
        string id = output.Split('\n')[^1].Trim();
        return id.Length is 40 or 64 && id.All(char.IsAsciiHexDigitLower) ? id : null;
    }

    private static string ShortName(string reference)
    {
        foreach (string prefix in (ReadOnlySpan<string>)[RemotePrefix, HeadsPrefix, "origin/"])
            if (reference.StartsWith(prefix, StringComparison.Ordinal))
                return reference[prefix.Length..];
        return reference;
    }

    private sealed class Runner(GitProgram program, string path, CancellationToken cancellationToken)
    {
        public Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
            GitProcess.RunAsync(program, path, cancellationToken, arguments);
    }
}
