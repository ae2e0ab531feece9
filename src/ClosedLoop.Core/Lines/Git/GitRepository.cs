using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>A clone that was opened for reading: where its data is, and what it lacks.</summary>
internal sealed partial class GitRepository
{
    // patch-id tells binary contents apart since 2.39, rev-list --exclude-first-parent-only is of 2.35.
    private static readonly Version Oldest = new(2, 39);

    private GitRepository(GitRunner git) => Git = git;

    public GitRunner Git { get; }

    /// <summary>A bare clone's branches are its own; another clone's are those of its remote.</summary>
    public required bool IsBare { get; init; }

    /// <summary>Contents are missing and would be fetched one by one: nothing is compared then.</summary>
    public required bool IsPartial { get; init; }

    /// <summary>Characters of a commit id: 40 or 64.</summary>
    public required int IdLength { get; init; }

    /// <summary>The commits of a shallow clone whose parents were cut off; they look like root commits and are not.</summary>
    public required FrozenSet<string> Cut { get; init; }

    public required RefClock Refs { get; init; }

    /// <summary>Opens the clone that a folder belongs to.</summary>
    /// <exception cref="GitHistoryException">No repository, another owner's, or no git program that is new enough.</exception>
    public static async Task<GitRepository> OpenAsync(GitProgram program, string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path)) throw new GitHistoryException($"There is no folder '{path}'; clone the repository there with 'git clone --mirror URL'.");
        var (_, version, _) = await GitProcess.RunAsync(program, path, cancellationToken, "--version").ConfigureAwait(false);
        if (VersionText().Match(version) is { Success: true } found && Version.Parse(found.Value) < Oldest)
            throw new GitHistoryException($"{version} is too old; install git {Oldest} or newer, or set {program.OptionPath}.");
        var (code, output, error) = await GitProcess.RunAsync(
            program, path, cancellationToken, "rev-parse", "--is-bare-repository", "--show-object-format", "--absolute-git-dir", "--path-format=absolute", "--git-path", "shallow", "--git-common-dir").ConfigureAwait(false);
        if (code != 0) throw GitRefusal.Of(path, error);
        string[] lines = output.Split('\n');
        if (lines.Length < 5) throw new GitHistoryException($"'{path}' is not a git repository that can be read: {output}");
        var git = new GitRunner(program, lines[2].TrimEnd('\r'));
        // Exit code 1: no such setting.
        var partial = await git.RunAsync(new GitCall("config", "--get-regexp", @"^(extensions\.partialclone|remote\..*\.promisor)$"), cancellationToken).ConfigureAwait(false);
        return new GitRepository(git)
        {
            IsBare = lines[0].Trim() == "true",
            IdLength = lines[1].Trim() == "sha256" ? 64 : 40,
            IsPartial = partial.Succeeded,
            Cut = ReadCut(lines[3].TrimEnd('\r')),
            Refs = new RefClock(lines[4].TrimEnd('\r')),
        };
    }

    /// <summary>Whether a text is a whole commit id of this repository, and so cannot be an option or the name of a branch.</summary>
    public bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The commit that a revision names.</summary>
    /// <exception cref="GitHistoryException">It names none.</exception>
    public async Task<string> CommitAsync(string revision, CancellationToken cancellationToken)
    {
        if (revision.Length > 1024 || revision.Any(char.IsControl)) throw new GitHistoryException("A revision is a branch's name or a commit id.");
        var answer = await Git.RunAsync(new GitCall("rev-parse", "--quiet", "--verify", "--end-of-options", revision + "^{commit}"), cancellationToken).ConfigureAwait(false);
        return answer.Lines is [.., { } id] && answer.Succeeded && IsId(id)
            ? id
            : throw new GitHistoryException($"The clone has no revision '{revision}'; list the branches with 'git branch --all'.");
    }

    /// <summary>Which of some commits the clone has; what is no whole commit id is left out.</summary>
    public async Task<HashSet<string>> ExistingAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        string[] asked = [.. ids.Where(IsId).Distinct(StringComparer.Ordinal)];
        if (asked.Length == 0) return [];
        var answer = await Git.ReadAsync(new GitCall("cat-file", "--batch-check=%(objecttype) %(objectname)", "--buffer") { Input = GitInput.Lines(asked) }, cancellationToken).ConfigureAwait(false);
        return answer.Lines.Where(static l => l.StartsWith("commit ", StringComparison.Ordinal)).Select(static l => l["commit ".Length..]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The whole ids of commits by their short ones; what the clone does not have, or has twice, is left out.</summary>
    public async Task<Dictionary<string, string>> CompleteAsync(IEnumerable<string> shortIds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] chunk in shortIds.Where(id => id.Length >= 7 && id.Length < IdLength && id.All(char.IsAsciiHexDigitLower)).Distinct(StringComparer.Ordinal).Chunk(100))
        {
            // Only among ids: a branch may have a name that looks like one, and git would prefer it.
            var objects = await Git.ReadAsync(new GitCall(["rev-parse", .. chunk.Select(static id => "--disambiguate=" + id)]), cancellationToken).ConfigureAwait(false);
            var commits = await ExistingAsync(objects.Lines, cancellationToken).ConfigureAwait(false);
            foreach (string id in chunk)
                if (commits.Where(c => c.StartsWith(id, StringComparison.Ordinal)).Take(2).ToArray() is [{ } only])
                    found[id] = only;
        }
        return found;
    }

    private static FrozenSet<string> ReadCut(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(static l => l.Trim()).Where(static l => l.Length > 0).ToFrozenSet(StringComparer.Ordinal) : FrozenSet<string>.Empty;

    [GeneratedRegex(@"\d+\.\d+", RegexOptions.NonBacktracking)]
    private static partial Regex VersionText();
}
