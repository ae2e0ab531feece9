using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>Landings that are still in the history and whose content is not: taken back without a word, or lost.</summary>
public sealed class UndoneTests : IDisposable
{
    private readonly WorkClone _clone = new();
    private readonly CloneWatch _watch;

    public UndoneTests()
    {
        _clone.Save("Begin", ("app.txt", WorkClone.Text()), ("other.txt", WorkClone.Text()));
        _watch = new CloneWatch(_clone, o => o.CandidateRefs.Add("refs/pull/*/head"));
    }

    public void Dispose() => _clone.Dispose();

    [Fact]
    public async Task The_exact_opposite_of_a_landing_reverts_it_without_saying_so()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Save("Elsewhere in the same file", ("app.txt", WorkClone.Text((3, "fixed"), (25, "more"))));
        string undone = _clone.Save("Go back", ("app.txt", WorkClone.Text((25, "more"))));

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), _watch.Undoes(undone));
    }

    [Fact]
    public async Task Of_a_switch_that_goes_on_and_off_each_step_undoes_the_one_before()
    {
        string[] steps = [.. Enumerable.Range(1, 5).Select(i => _clone.Save($"Switch {i}", ("switch.txt", i % 2 == 1 ? "on\n" : "off\n")))];

        await _watch.SweepAsync();

        Assert.Null(_watch.Undoes(steps[0]));
        Assert.Null(_watch.Undoes(steps[1]));
        for (int i = 2; i < steps.Length; i++) Assert.Equal(CloneWatch.Of("patch", steps[i - 1]), _watch.Undoes(steps[i]));
    }

    [Fact]
    public async Task An_evil_merge_that_drops_an_earlier_landing_loses_it()
    {
        _clone.Fork("feature/logout");
        _clone.Save("Log out", ("logout.txt", "a button\n"));
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))), ("login.txt", "a form\n"));
        string stays = _clone.Save("Stays (#14)", ("other.txt", WorkClone.Text((3, "stays"))));
        _clone.BeginMerge("feature/logout");
        string evil = _clone.Save("Merge pull request #13 from acme/feature/logout", ("app.txt", WorkClone.Text()), ("login.txt", null));

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("lost", fix), _watch.Undoes(evil));
        Assert.Null(_watch.Undoes(stays));
    }

    [Fact]
    public async Task An_evil_merge_that_changes_other_lines_of_the_same_file_too_still_loses_the_landing()
    {
        _clone.Fork("feature/logout");
        _clone.Save("Log out", ("app.txt", WorkClone.Text((25, "logout"))));
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.BeginMerge("feature/logout");
        string evil = _clone.Save("Merge pull request #13 from acme/feature/logout", ("app.txt", WorkClone.Text((25, "logout"))));

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("lost", fix), _watch.Undoes(evil));
    }

    [Fact]
    public async Task A_bad_squash_from_an_old_copy_loses_everything_that_landed_since()
    {
        _clone.Fork("feature/logout");
        _clone.Save("Log out", ("logout.txt", "a button\n"));
        _clone.Switch("main");
        string first = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string second = _clone.Save("Fix it better (#14)", ("app.txt", WorkClone.Text((3, "fixed better"))), ("other.txt", WorkClone.Text((7, "too"))));
        string apart = _clone.Save("Apart (#15)", ("apart.txt", "apart\n"));
        // Somebody copied the branch's files over the work tree instead of merging it.
        _clone.Git("checkout", "--quiet", "feature/logout", "--", "app.txt", "other.txt", "logout.txt");
        string squash = _clone.Commit("Log out (#13)");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("lost", first, second), _watch.Undoes(squash));
        Assert.Null(_watch.Undoes(apart));
    }

    [Fact]
    public async Task A_merge_that_takes_nothing_of_its_branch_loses_its_own_pull_request()
    {
        _clone.Fork("feature/login");
        _clone.Save("Half", ("app.txt", WorkClone.Text((3, "half"))));
        string head = _clone.Save("Whole", ("app.txt", WorkClone.Text((3, "whole"))));
        _clone.Switch("main");
        _clone.Save("Meanwhile", ("other.txt", WorkClone.Text((1, "meanwhile"))));
        _clone.BeginMerge("feature/login");
        string evil = _clone.Save("Merge pull request #12 from acme/feature/login", ("app.txt", WorkClone.Text()));

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("lost", [CloneWatch.Commit(head), Key.PullRequest("acme/web", 12)]), _watch.Undoes(evil));
    }

    [Fact]
    public async Task A_merge_whose_content_was_there_already_loses_nothing()
    {
        _clone.Fork("feature/login");
        string fix = _clone.Save("Log in", ("app.txt", WorkClone.Text((3, "login"))));
        _clone.Switch("main");
        _clone.Save("Meanwhile", ("other.txt", WorkClone.Text((1, "meanwhile"))));
        _clone.Pick(fix);
        string merge = _clone.Merge("feature/login", "Merge pull request #12 from acme/feature/login");

        await _watch.SweepAsync();

        Assert.Null(_watch.Undoes(merge));
    }

    [Fact]
    public async Task A_squash_that_takes_nothing_of_its_branch_loses_its_own_pull_request()
    {
        _clone.Fork("proposal");
        string head = _clone.Save("Log in", ("app.txt", WorkClone.Text((3, "login"))));
        _clone.Git("update-ref", "refs/pull/12/head", head);
        _clone.Switch("main");
        string squash = _clone.Save("Log in (#12)", ("CHANGES.md", "login\n"));

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("lost", [Key.PullRequest("acme/web", 12)]), _watch.Undoes(squash));
    }

    [Fact]
    public async Task Content_that_evolved_is_not_lost()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string evolved = _clone.Save("Fix it better (#13)", ("app.txt", WorkClone.Text((3, "fixed better"))));
        string around = _clone.Save("Rewrite around it (#14)", ("app.txt", WorkClone.Text((2, "new"), (3, "fixed better"), (4, "new"))));

        await _watch.SweepAsync();

        Assert.All((string[])[fix, evolved, around], sha => Assert.Null(_watch.Undoes(sha)));
    }

    [Fact]
    public async Task A_landing_of_which_a_part_is_left_is_not_lost()
    {
        _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))), ("other.txt", WorkClone.Text((3, "fixed too"))));
        string half = _clone.Save("Drop half", ("app.txt", WorkClone.Text()));

        await _watch.SweepAsync();

        Assert.Null(_watch.Undoes(half));
    }

    [Fact]
    public async Task Content_that_moved_to_another_file_or_name_is_not_lost()
    {
        string form = string.Concat(Enumerable.Range(1, 12).Select(static i => $"    field {i} of the form\n"));
        _clone.Save("Log in (#12)", ("login.txt", form));
        string renamed = _clone.Save("Rename", ("login.txt", null), ("pages/login.txt", form));
        _clone.Save("Inline it", ("app.txt", WorkClone.Text((3, "fixed\n" + form.TrimEnd()))));
        string moved = _clone.Save("Split", ("app.txt", WorkClone.Text()), ("form.txt", "fixed\n" + form.Replace("    ", "", StringComparison.Ordinal)));

        await _watch.SweepAsync();

        Assert.Null(_watch.Undoes(renamed));
        Assert.Null(_watch.Undoes(moved));
    }

    [Fact]
    public async Task A_declared_revert_is_not_also_a_loss()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string revert = _clone.Revert(fix);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix), _watch.Undoes(revert));
    }

    [Fact]
    public async Task A_merge_of_a_branch_that_reverts_a_landing_says_so_for_its_branch()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Fork("revert-12");
        _clone.Revert(fix);
        _clone.Save("And a note", ("NOTES.md", "why\n"));
        _clone.Switch("main");
        string merge = _clone.Merge("revert-12", "Merge pull request #13 from acme/revert-12");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("trailer", fix), _watch.Undoes(merge));
    }

    [Fact]
    public async Task What_the_landing_of_a_release_took_back_on_the_release_is_judged_there_alone()
    {
        var watch = new CloneWatch(_clone, o =>
        {
            o.Branches.Add("main");
            o.Branches.Add("release/*");
        });
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Fork("release/1.0");
        string undone = _clone.Save("Not in this release", ("app.txt", WorkClone.Text()));
        _clone.Switch("main");
        string onMain = _clone.Save("Go on", ("other.txt", WorkClone.Text((3, "on"))));

        await watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), watch.Undoes(undone));
        Assert.Equal("release/1.0", watch.Find(FactKinds.Revert, undone)!.Attribute(FactAttributes.Branch));
        Assert.Null(watch.Undoes(onMain));
    }
}
