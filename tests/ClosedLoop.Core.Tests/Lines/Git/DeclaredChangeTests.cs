using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>What commits say of themselves: cherry-picks and reverts in the words of git.</summary>
public sealed class DeclaredChangeTests : IDisposable
{
    private readonly WorkClone _clone = new();
    private readonly CloneWatch _watch;

    public DeclaredChangeTests()
    {
        _clone.Save("Begin", ("app.txt", WorkClone.Text()), ("docs/intro.md", "hello\n"));
        _watch = new CloneWatch(_clone, o =>
        {
            o.Branches.Add("main");
            o.Branches.Add("release/*");
        });
    }

    public void Dispose() => _clone.Dispose();

    [Fact]
    public async Task A_cherry_pick_with_its_trailer_is_a_copy_and_keeps_the_release_branch()
    {
        _clone.Fork("release/1.0");
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Switch("release/1.0");
        string copy = _clone.Pick(fix, "-x");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix), _watch.Copy(copy));
        var fact = _watch.Find(FactKinds.Equivalent, copy)!;
        Assert.Equal("release/1.0", fact.Attribute(FactAttributes.Branch));
        Assert.Equal(_clone.Now, fact.OccurredAt);
        Assert.Equal(Writer.Parse("scm:git"), fact.Writer);
        Assert.Equal(new Ordinal(1, 1), fact.Ordinal);
        Assert.Null(fact.Evidence);
        Assert.Null(_watch.Copy(fix));
    }

    [Fact]
    public async Task A_revert_names_what_it_reverts_and_a_revert_of_it_names_the_revert()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string revert = _clone.Revert(fix);
        string again = _clone.Revert(revert);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix), _watch.Undoes(revert));
        Assert.Equal(CloneWatch.Of("trailer", revert), _watch.Undoes(again));
        Assert.Null(_watch.Undoes(fix));
    }

    [Fact]
    public async Task The_revert_of_a_merge_names_the_merge_and_not_its_parent()
    {
        _clone.Fork("feature/login");
        _clone.Save("Log in", ("login.txt", "a form\n"));
        _clone.Switch("main");
        string merge = _clone.Merge("feature/login", "Merge pull request #12 from acme/feature/login");
        string revert = _clone.Revert(merge, "--mainline", "1");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", merge), _watch.Undoes(revert));
    }

    [Fact]
    public async Task A_short_id_is_completed_and_a_branch_that_is_named_like_one_confuses_nothing()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string other = _clone.Save("Other", ("other.txt", "other\n"));
        string revert = _clone.Save($"Take it back\n\nThis reverts commit {fix[..10]}.", ("app.txt", WorkClone.Text((4, "4"))));
        string unknown = _clone.Save("Take back\n\nThis reverts commit 0123456789.", ("app.txt", WorkClone.Text((5, "5"))));
        _clone.Git("branch", fix[..10], other);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix), _watch.Undoes(revert));
        Assert.Null(_watch.Undoes(unknown));
    }

    [Fact]
    public async Task A_commit_that_the_clone_does_not_have_is_named_when_its_id_is_whole()
    {
        string elsewhere = new('a', 40);
        string copy = _clone.Save($"Backport\n\n(cherry picked from commit {elsewhere})", ("a.txt", "a\n"));

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", elsewhere), _watch.Copy(copy));
    }

    [Fact]
    public async Task Quoted_words_and_prose_declare_nothing()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string reland = _clone.Save($"Reland\n\n> This reverts commit {fix}.\n\nSaid in chat: (cherry picked from commit {fix}), or not.", ("app.txt", WorkClone.Text((3, "fixed better"))));

        await _watch.SweepAsync();

        Assert.Null(_watch.Undoes(reland));
        Assert.Null(_watch.Copy(reland));
    }

    [Fact]
    public async Task A_merge_speaks_for_the_cherry_picks_and_reverts_in_the_branch_it_brings()
    {
        _clone.Fork("release/1.0");
        string bad = _clone.Save("Bad idea (#11)", ("idea.txt", "bad\n"));
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string more = _clone.Save("Fix logout (#13)", ("app.txt", WorkClone.Text((3, "fixed"), (20, "fixed"))));
        _clone.Switch("release/1.0");
        _clone.Fork("backport");
        _clone.Pick(fix, "-x");
        _clone.Pick(more, "-x");
        _clone.Revert(bad);
        _clone.Switch("release/1.0");
        string merge = _clone.Merge("backport", "Merge pull request #14 from acme/backport");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix, more), _watch.Copy(merge));
        Assert.Equal(CloneWatch.Of("trailer", bad), _watch.Undoes(merge));
    }

    [Fact]
    public async Task A_branch_that_takes_back_its_own_commit_takes_back_nothing_of_the_line()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Fork("feature/try");
        _clone.Revert(_clone.Save("Try", ("try.txt", "try\n")));
        string revert = _clone.Revert(fix);
        _clone.Revert(revert);
        _clone.Save("Keep", ("keep.txt", "keep\n"));
        _clone.Switch("main");
        string merge = _clone.Merge("feature/try", "Merge pull request #13 from acme/feature/try");

        await _watch.SweepAsync();

        Assert.Null(_watch.Undoes(merge));
    }

    [Fact]
    public async Task A_merge_of_another_line_leaves_that_lines_declarations_to_it()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Fork("release/1.0");
        string revert = _clone.Revert(fix);
        _clone.Switch("main");
        _clone.Save("Go on", ("on.txt", "on\n"));
        string merge = _clone.Merge("release/1.0", "Merge release/1.0");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix), _watch.Undoes(revert));
        Assert.Equal("release/1.0", _watch.Find(FactKinds.Revert, revert)!.Attribute(FactAttributes.Branch));
        Assert.Null(_watch.Undoes(merge));
    }
}
