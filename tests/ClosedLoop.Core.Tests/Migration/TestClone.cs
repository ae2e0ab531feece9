using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClosedLoop.Tests.Migration;

/// <summary>A real git repository in a temporary folder, with every date given by the test and no configuration but its own.</summary>
internal sealed class TestClone : IDisposable
{
    /// <summary>A Monday.</summary>
    public static readonly DateTimeOffset Start = new(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public TestClone(params string[] initArguments)
    {
        Folder = Directory.CreateTempSubdirectory("closedloop-git-").FullName;
        Path = System.IO.Path.Combine(Folder, "clone");
        Directory.CreateDirectory(Path);
        if (initArguments is not ["none"]) Git(["init", "--quiet", "--initial-branch=main", .. initArguments]);
    }

    /// <summary>A folder of the test's own; the repository is in it.</summary>
    public string Folder { get; }

    public string Path { get; set; }

    /// <summary>Makes a commit without touching a branch.</summary>
    public string Commit(string subject, double atHours, double? authoredHours = null, params string[] parents)
    {
        string[] arguments = ["commit-tree", .. parents.SelectMany(static p => (string[])["-p", p]), "-m", subject, EmptyTree()];
        return Git(arguments, Stamp(authoredHours ?? atHours), Stamp(atHours));
    }

    /// <summary>Points the branch at a commit.</summary>
    public string Land(string commit, string branch = "main")
    {
        Git("update-ref", $"refs/heads/{branch}", commit);
        return commit;
    }

    /// <summary>The first-parent history by git itself, oldest first.</summary>
    public string[] FirstParents(string revision = "HEAD") => Lines("log", "--first-parent", "--reverse", "--format=%H", revision);

    public string[] Lines(params string[] arguments) => Git(arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string Git(params string[] arguments) => Git(arguments, Stamp(0), Stamp(0));

    public string Git(string[] arguments, string authored, string committed, byte[]? input = null)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string name in start.Environment.Keys.Where(static n => n.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (string who in (ReadOnlySpan<string>)["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "Dev";
            start.Environment[$"GIT_{who}_EMAIL"] = "dev@example.com";
        }
        start.Environment["GIT_AUTHOR_DATE"] = authored;
        start.Environment["GIT_COMMITTER_DATE"] = committed;
        using var git = Process.Start(start)!;
        if (input is not null) git.StandardInput.BaseStream.Write(input);
        git.StandardInput.Close();
        var error = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>Stores a commit object exactly as given: for what git itself would not write.</summary>
    public string Raw(byte[] commit) => Git(["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], Stamp(0), Stamp(0), commit);

    public byte[] RawCommit(byte[] message, double atHours, string headers = "")
    {
        string seconds = Start.AddHours(atHours).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return [.. Encoding.UTF8.GetBytes($"tree {EmptyTree()}\nauthor Dev <dev@example.com> {seconds} +0000\ncommitter Dev <dev@example.com> {seconds} +0000\n{headers}\n"), .. message];
    }

    public string EmptyTree() => Git(["mktree"], Stamp(0), Stamp(0));

    public static string Stamp(double hours) => string.Create(CultureInfo.InvariantCulture, $"{Start.AddHours(hours).ToUnixTimeSeconds()} +0000");

    public void Dispose()
    {
        // Objects are read-only files, which Windows refuses to delete.
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(Folder, recursive: true);
    }
}
