using ClosedLoop.Lines;
using ClosedLoop.Lines.Git;
using ClosedLoop.Migration;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>Reading a whole line at once.</summary>
public sealed class GitLineHistoryTests : IDisposable
{
    private readonly WorkClone _clone = new();

    public void Dispose() => _clone.Dispose();

    [Fact]
    public async Task A_line_is_read_oldest_first_in_pages_with_all_parents()
    {
        string begin = _clone.Save("Begin", ("a.txt", "a\n"));
        _clone.Fork("feature");
        string side = _clone.Save("Side", ("b.txt", "b\n"));
        _clone.Switch("main");
        _clone.Merge("feature", "Merge");
        for (int i = 0; i < 5; i++) _clone.Save($"{i}", ("count.txt", $"{i}\n"));

        var pages = await PagesAsync("main", new GitLineHistoryOptions { PageSize = 3 });

        Assert.Equal([3, 3, 1], pages.Select(static p => p.Count));
        var nodes = pages.SelectMany(static p => p).ToList();
        Assert.Equal(_clone.FirstParents("main").Reverse(), nodes.Select(static n => n.Sha));
        Assert.Empty(nodes[0].Parents.ToArray());
        Assert.Equal([begin, side], nodes[1].Parents.ToArray());
        Assert.Equal("acme/web", nodes[0].Repository);
        Assert.Equal(WorkClone.Start.AddHours(1), nodes[0].CommittedAt);
    }

    [Fact]
    public async Task What_a_line_has_gained_since_is_read_alone()
    {
        string begin = _clone.Save("Begin", ("a.txt", "a\n")), next = _clone.Save("Next", ("a.txt", "b\n"));

        var pages = await PagesAsync("main", new GitLineHistoryOptions { After = begin });

        Assert.Equal([next], Assert.Single(pages).Select(static n => n.Sha));
        Assert.Empty(await PagesAsync("main", new GitLineHistoryOptions { After = next }));
    }

    [Fact]
    public async Task A_shallow_clone_begins_after_its_cut()
    {
        for (int i = 0; i < 6; i++) _clone.Save($"{i}", ("count.txt", $"{i}\n"));
        using var shallow = new WorkClone(new Uri(_clone.Path).AbsoluteUri, "--depth", "3");

        var pages = await PagesAsync("HEAD", null, shallow);

        Assert.Equal(_clone.FirstParents("main")[..2].Reverse(), Assert.Single(pages).Select(static n => n.Sha));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("--all")]
    [InlineData("main\nother")]
    public async Task A_revision_that_is_none_is_named(string revision)
    {
        _clone.Save("Begin", ("a.txt", "a\n"));

        var error = await Assert.ThrowsAsync<GitHistoryException>(() => PagesAsync(revision));

        Assert.Contains("revision", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_clone_is_an_error_and_not_a_shorter_history()
    {
        string begin = _clone.Save("Begin", ("a.txt", "a\n"));
        _clone.Save("Next", ("a.txt", "b\n"));
        string file = Path.Combine(_clone.Path, ".git", "objects", begin[..2], begin[2..]);
        File.SetAttributes(file, FileAttributes.Normal);
        File.Delete(file);

        var error = await Assert.ThrowsAsync<GitHistoryException>(() => PagesAsync("main"));

        Assert.Contains("git fsck", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_stops_early_stops_git()
    {
        for (int i = 0; i < 5; i++) _clone.Save($"{i}", ("count.txt", $"{i}\n"));

        await foreach (var page in GitLineHistory.ReadAsync(_clone.Path, "acme/web", "main", new GitLineHistoryOptions { PageSize = 1 }))
        {
            Assert.Single(page);
            break;
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused_before_anything_is_read()
    {
        Refused("GitLineHistoryOptions:PageSize is 0", new GitLineHistoryOptions { PageSize = 0 });
        Refused("GitLineHistoryOptions:After", new GitLineHistoryOptions { After = "--all" });
        Refused("GitLineHistoryOptions:GitExecutable", new GitLineHistoryOptions { GitExecutable = "" });

        void Refused(string message, GitLineHistoryOptions options) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => GitLineHistory.ReadAsync(_clone.Path, "acme/web", "main", options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_was_taken_is_not_held_so_that_memory_stays_flat()
    {
        for (int i = 0; i < 8; i++) _clone.Save($"{i}", ("count.txt", $"{i}\n"));
        var taken = new List<WeakReference>();

        await foreach (var page in GitLineHistory.ReadAsync(_clone.Path, "acme/web", "main", new GitLineHistoryOptions { PageSize = 1 })) taken.Add(new WeakReference(page));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(8, taken.Count);
        Assert.InRange(taken.Count(static p => p.IsAlive), 0, 1);
    }

    private async Task<List<IReadOnlyList<CommitNode>>> PagesAsync(string revision, GitLineHistoryOptions? options = null, WorkClone? clone = null)
    {
        var pages = new List<IReadOnlyList<CommitNode>>();
        await foreach (var page in GitLineHistory.ReadAsync((clone ?? _clone).Path, "Acme/Web", revision, options)) pages.Add(page);
        return pages;
    }
}
