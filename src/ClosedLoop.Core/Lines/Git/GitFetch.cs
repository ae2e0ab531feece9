using System.Text.RegularExpressions;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>Brings a clone up to date, with its own remote, rules and credentials.</summary>
internal static partial class GitFetch
{
    /// <exception cref="GitHistoryException">The remote could not be reached, or nothing would be fetched from it.</exception>
    public static async Task RunAsync(GitRepository repository, string remote, CancellationToken cancellationToken)
    {
        // 'git clone --bare' leaves no rule: a fetch then succeeds and moves no branch.
        var rules = await repository.Git.RunAsync(new GitCall("config", "--get-all", $"remote.{remote}.fetch"), cancellationToken).ConfigureAwait(false);
        if (!rules.Succeeded)
            throw new GitHistoryException($"The clone has no rule for what to fetch from '{remote}'; clone it with 'git clone --mirror URL', or set remote.{remote}.fetch to +refs/heads/*:refs/heads/*.");
        var call = new GitCall("fetch", "--quiet", "--prune", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", "--end-of-options", remote);
        var answer = await repository.Git.RunAsync(call, cancellationToken).ConfigureAwait(false);
        if (!answer.Succeeded) throw new GitHistoryException($"git fetch from '{remote}' failed with exit code {answer.Code}: {WithoutCredentials(answer.Error)}");
    }

    // A remote's address can hold a password, and messages repeat the address.
    private static string WithoutCredentials(string text) => UserInfo().Replace(text, "://");

    [GeneratedRegex(@"://[^/\s@]*@", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UserInfo();
}
