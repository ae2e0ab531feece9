using System.Diagnostics;
using System.Globalization;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>A real git repository with a work tree, in which a test works as people do. Every commit is an hour after the one before.</summary>
internal sealed class WorkClone : IDisposable
{
    public static readonly DateTimeOffset Start = new(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Ann = ["-c", "user.name=ann", "-c", "user.email=ann@acme.example", "-c", "commit.gpgsign=false", "-c", "merge.conflictStyle=merge"];

    private int _hours;

    public WorkClone(string? from = null, params string[] arguments)
    {
        Folder = Directory.CreateTempSubdirectory("closedloop-line-").FullName;
        Path = System.IO.Path.Combine(Folder, "clone");
        Directory.CreateDirectory(Path);
        if (from is null) Git(["init", "--quiet", "--initial-branch=main", .. arguments]);
        else Git(["clone", "--quiet", .. arguments, from, Path]);
    }

    /// <summary>A folder of the test's own; the repository is in it.</summary>
    public string Folder { get; }

    public string Path { get; }

    public string Head => Sha("HEAD");

    public DateTimeOffset Now => Start.AddHours(_hours);

    /// <summary>Thirty numbered lines, so that changes at different places do not meet; some of them replaced.</summary>
    public static string Text(params (int Line, string Text)[] changes)
    {
        string[] lines = [.. Enumerable.Range(1, 30).Select(static i => string.Create(CultureInfo.InvariantCulture, $"line {i}"))];
        foreach (var (line, text) in changes) lines[line - 1] = text;
        return string.Join('\n', lines) + "\n";
    }

    public void Write(string path, string? content)
    {
        string file = System.IO.Path.Combine(Path, path);
        if (content is null)
        {
            File.Delete(file);
            return;
        }
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    /// <summary>Writes files (null: deletes) and commits all that is there.</summary>
    public string Save(string message, params (string Path, string? Content)[] files)
    {
        foreach (var (path, content) in files) Write(path, content);
        Git("add", "--all");
        return Commit(message);
    }

    /// <summary>Commits what is in the index.</summary>
    public string Commit(string message)
    {
        _hours++;
        Git("commit", "--quiet", "--allow-empty", "--message", message);
        return Head;
    }

    public void Switch(string branch) => Git("switch", "--quiet", branch);

    public void Fork(string branch, string at = "HEAD") => Git("switch", "--quiet", "--create", branch, at);

    public string Merge(string branch, string message)
    {
        _hours++;
        Git("merge", "--quiet", "--no-ff", "--message", message, branch);
        return Head;
    }

    /// <summary>Begins a merge that the test finishes by <see cref="Save"/>.</summary>
    public void BeginMerge(string branch, params string[] arguments) => Git(["merge", "--quiet", "--no-ff", "--no-commit", .. arguments, branch]);

    public string Squash(string branch, string message)
    {
        Git("merge", "--quiet", "--squash", branch);
        return Commit(message);
    }

    public string Pick(string commit, params string[] arguments)
    {
        _hours++;
        Git(["cherry-pick", .. arguments, commit]);
        return Head;
    }

    public string Revert(string commit, params string[] arguments)
    {
        _hours++;
        Git(["revert", "--no-edit", .. arguments, commit]);
        return Head;
    }

    public string Sha(string revision) => Git("rev-parse", "--verify", revision);

    /// <summary>The first-parent history by git itself, newest first.</summary>
    public string[] FirstParents(string revision) => Git("rev-list", "--first-parent", revision).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path };
        foreach (string argument in (string[])[.. Ann, .. arguments]) start.ArgumentList.Add(argument);
        foreach (string name in start.Environment.Keys.Where(static n => n.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        string date = string.Create(CultureInfo.InvariantCulture, $"{Now.ToUnixTimeSeconds()} +0000");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["HOME"] = Folder;
        start.Environment["XDG_CONFIG_HOME"] = Folder;
        start.Environment["GIT_EDITOR"] = "true";
        start.Environment["GIT_AUTHOR_DATE"] = date;
        start.Environment["GIT_COMMITTER_DATE"] = date;
        using var git = Process.Start(start)!;
        git.StandardInput.Close();
        var error = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {output} {error.Result}");
    }

    public void Dispose()
    {
        // Objects are read-only files, which Windows refuses to delete.
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(Folder, recursive: true);
    }
}
