using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Tests.Migration;

/// <summary>Every kind of place that a person may point at.</summary>
public sealed class GitCloneTests
{
    [Fact]
    public async Task An_empty_repository_has_no_landings()
    {
        using var clone = new TestClone();

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Empty(history.Landings);
        Assert.Equal(("main", null, 0), (history.Branch, history.Head, history.CommitCount));
    }

    [Fact]
    public async Task A_bare_clone_is_named_after_its_folder_without_the_suffix()
    {
        using var clone = new TestClone();
        string head = clone.Land(clone.Commit("Begin", 0));
        string bare = Path.Combine(clone.Folder, "Shop.git");
        clone.Git("clone", "--quiet", "--bare", clone.Path, bare);

        // A bare clone of a local folder has that folder as its origin: no name to go by, and no place for a machine's path.
        var history = await GitHistoryReader.ReadAsync(bare);

        Assert.Equal((head, "main", "local/shop"), (history.Head, history.Branch, history.Repository));
    }

    [Fact]
    public async Task A_shallow_clone_is_flagged_and_begins_at_its_boundary()
    {
        using var clone = new TestClone();
        string at = clone.Commit("0", 0);
        for (int i = 1; i < 6; i++) at = clone.Commit($"{i}", i, i, at);
        clone.Land(at);
        string shallow = Path.Combine(clone.Folder, "shallow");
        clone.Git("clone", "--quiet", "--depth", "3", new Uri(clone.Path).AbsoluteUri, shallow);

        var history = await GitHistoryReader.ReadAsync(shallow);

        Assert.True(history.IsShallow);
        Assert.Equal(["3", "4", "5"], history.Landings.Select(static l => l.Subject));
    }

    [Fact]
    public async Task A_detached_head_is_read_without_a_branch()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        clone.Land(clone.Commit("Next", 1, 1, root));
        clone.Git("checkout", "--quiet", "--detach", root);

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal((null, root), (history.Branch, history.Head));
        Assert.Single(history.Landings);
    }

    [Fact]
    public async Task The_remotes_default_branch_is_read_and_not_the_one_checked_out()
    {
        using var clone = new TestClone();
        string root = clone.Land(clone.Commit("Begin", 0));
        string copy = Path.Combine(clone.Folder, "copy");
        clone.Git("clone", "--quiet", clone.Path, copy);
        clone.Path = copy;
        clone.Git("checkout", "--quiet", "-b", "feature");
        clone.Land(clone.Commit("Mine", 1, 1, root), "feature");

        var history = await GitHistoryReader.ReadAsync(copy);
        var mine = await GitHistoryReader.ReadAsync(copy, new GitHistoryOptions { Branch = "feature" });

        Assert.Equal(("main", root), (history.Branch, history.Head));
        Assert.Equal(("feature", 2), (mine.Branch, mine.Landings.Count));
    }

    [Fact]
    public async Task A_remote_head_that_points_to_nothing_gives_way_to_the_local_one()
    {
        using var clone = new TestClone();
        string root = clone.Land(clone.Commit("Begin", 0));
        clone.Git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone");

        Assert.Equal(root, (await GitHistoryReader.ReadAsync(clone.Path)).Head);
    }

    [Fact]
    public async Task A_branch_with_a_name_like_an_option_or_like_HEAD_confuses_nothing()
    {
        using var clone = new TestClone();
        string root = clone.Land(clone.Commit("Begin", 0));
        clone.Land(clone.Commit("Elsewhere", 1, 1, root), "HEAD");

        Assert.Equal(root, (await GitHistoryReader.ReadAsync(clone.Path)).Head);
        await Assert.ThrowsAsync<GitHistoryException>(() => GitHistoryReader.ReadAsync(clone.Path, new GitHistoryOptions { Branch = "--all" }));
    }

    [Fact]
    public async Task A_folder_inside_a_work_tree_stands_for_its_clone()
    {
        using var clone = new TestClone();
        clone.Land(clone.Commit("Begin", 0));
        string inner = Directory.CreateDirectory(Path.Combine(clone.Path, "src", "deep")).FullName;

        var history = await GitHistoryReader.ReadAsync(inner);

        Assert.Equal(("local/clone", 1), (history.Repository, history.Landings.Count));
    }

    [Fact]
    public async Task A_repository_with_longer_ids_is_read()
    {
        using var clone = new TestClone("--object-format=sha256");
        clone.Land(clone.Commit("Merge it", 2, 2, clone.Commit("Begin", 0), clone.Commit("Side", 1)));

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal(clone.FirstParents(), history.Landings.Select(static l => l.Sha));
        Assert.Equal(64, history.Head!.Length);
    }

    [Fact]
    public async Task The_name_comes_from_the_remote_without_its_credentials()
    {
        using var clone = new TestClone();
        clone.Git("remote", "add", "origin", "https://someone:s3cret@git.example.com/Acme/Web.git");

        Assert.Equal("acme/web", (await GitHistoryReader.ReadAsync(clone.Path)).Repository);
        Assert.Equal("other/name", (await GitHistoryReader.ReadAsync(clone.Path, new GitHistoryOptions { Repository = "Other/Name" })).Repository);
    }

    [Fact]
    public async Task A_folder_that_is_no_repository_is_named_with_the_fix()
    {
        using var clone = new TestClone("none");

        var error = await Assert.ThrowsAsync<GitHistoryException>(() => GitHistoryReader.ReadAsync(clone.Path));

        Assert.Contains("is not in a git repository", error.Message, StringComparison.Ordinal);
        Assert.Contains("git clone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_folder_a_file_and_a_missing_branch_are_each_named()
    {
        using var clone = new TestClone();
        string file = Path.Combine(clone.Folder, "file");
        await File.WriteAllTextAsync(file, "");

        await Says("There is no folder", () => GitHistoryReader.ReadAsync(Path.Combine(clone.Folder, "missing")));
        await Says("is a file", () => GitHistoryReader.ReadAsync(file));
        await Says("has no revision 'missing'", () => GitHistoryReader.ReadAsync(clone.Path, new GitHistoryOptions { Branch = "missing" }));

        static async Task Says(string text, Func<Task> read) =>
            Assert.Contains(text, (await Assert.ThrowsAsync<GitHistoryException>(read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_git_program_is_named_with_the_option()
    {
        using var clone = new TestClone();

        var error = await Assert.ThrowsAsync<GitHistoryException>(() => GitHistoryReader.ReadAsync(clone.Path, new GitHistoryOptions { GitExecutable = "no-such-git-program" }));

        Assert.Contains("install git, or set GitHistoryOptions:GitExecutable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_clone_is_an_error_and_not_a_shorter_history()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        clone.Land(clone.Commit("Next", 1, 1, root));
        string file = Path.Combine(clone.Path, ".git", "objects", root[..2], root[2..]);
        File.SetAttributes(file, FileAttributes.Normal);
        File.Delete(file);

        var error = await Assert.ThrowsAsync<GitHistoryException>(() => GitHistoryReader.ReadAsync(clone.Path));

        Assert.Contains("git fsck", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_git_environment_of_the_caller_does_not_lead_to_another_repository()
    {
        using var clone = new TestClone();
        using var other = new TestClone();
        string root = clone.Land(clone.Commit("Begin", 0));
        Environment.SetEnvironmentVariable("GIT_DIR", Path.Combine(other.Path, ".git"));
        try
        {
            Assert.Equal(root, (await GitHistoryReader.ReadAsync(clone.Path)).Head);
        }
        finally
        {
            Environment.SetEnvironmentVariable("GIT_DIR", null);
        }
    }

    [Fact]
    public async Task A_clones_configuration_cannot_make_the_reading_run_a_program()
    {
        if (OperatingSystem.IsWindows()) return;
        using var clone = new TestClone();
        string mark = Path.Combine(clone.Folder, "ran"), script = Path.Combine(clone.Folder, "verify.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho ran > '{mark}'\nexit 0\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        clone.Git("config", "gpg.program", script);
        clone.Git("config", "log.showSignature", "true");
        clone.Land(clone.Raw(clone.RawCommit(Encoding.UTF8.GetBytes("Signed\n"), 0, "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n")));
        clone.Git("log", "--show-signature");
        Assert.True(File.Exists(mark), "git itself runs the program, so that this test can fail");
        File.Delete(mark);

        Assert.Single((await GitHistoryReader.ReadAsync(clone.Path)).Landings);

        Assert.False(File.Exists(mark));
    }
}
