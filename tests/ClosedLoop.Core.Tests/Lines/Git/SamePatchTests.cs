using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>Copies that do not say so: their patch does.</summary>
public sealed class SamePatchTests : IDisposable
{
    private readonly WorkClone _clone = new();
    private readonly CloneWatch _watch;

    public SamePatchTests()
    {
        _clone.Save("Begin", ("app.txt", WorkClone.Text()), ("other.txt", WorkClone.Text()));
        _watch = new CloneWatch(_clone, o =>
        {
            o.Branches.Add("main");
            o.Branches.Add("release/*");
            o.CandidateRefs.Add("refs/pull/*/head");
            o.CandidateRefs.Add("refs/heads/feature/*");
        });
    }

    public void Dispose() => _clone.Dispose();

    [Fact]
    public async Task A_cherry_pick_without_a_trailer_is_a_copy_of_the_earlier_landing()
    {
        _clone.Fork("release/1.0");
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Switch("release/1.0");
        _clone.Save("Elsewhere in the same file", ("app.txt", WorkClone.Text((25, "released"))));
        string copy = _clone.Pick(fix);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), _watch.Copy(copy));
        Assert.Null(_watch.Copy(fix));
    }

    [Fact]
    public async Task A_fix_that_landed_on_the_release_first_is_copied_to_main()
    {
        _clone.Fork("release/1.0");
        string fix = _clone.Save("Hotfix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Switch("main");
        _clone.Save("Go on", ("on.txt", "on\n"));
        string copy = _clone.Pick(fix);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), _watch.Copy(copy));
        Assert.Null(_watch.Copy(fix));
    }

    [Fact]
    public async Task Of_two_landings_of_one_second_each_is_the_others_copy()
    {
        _clone.Fork("release/1.0");
        _clone.Save("Release", ("VERSION", "1.0\n"));
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Switch("release/1.0");
        _clone.Git("cherry-pick", fix);
        string copy = _clone.Head;

        await _watch.SweepAsync();

        Assert.Equal((CloneWatch.Of("patch", fix), CloneWatch.Of("patch", copy)), (_watch.Copy(copy), _watch.Copy(fix)));
    }

    [Fact]
    public async Task A_squash_is_the_landing_of_the_branch_whose_ref_is_still_there()
    {
        _clone.Fork("feature/login");
        _clone.Save("Half", ("app.txt", WorkClone.Text((3, "half"))));
        string head = _clone.Save("Whole", ("app.txt", WorkClone.Text((3, "whole"), (9, "more"))), ("login.txt", "a form\n"));
        _clone.Switch("main");
        _clone.Save("Meanwhile", ("app.txt", WorkClone.Text((28, "meanwhile"))));
        string squash = _clone.Squash("feature/login", "Log in");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", head), _watch.Copy(squash));
    }

    [Fact]
    public async Task A_squash_without_a_number_is_tied_to_its_pull_request_by_the_refs_name()
    {
        _clone.Fork("proposal");
        _clone.Save("Half", ("login.txt", "half a form\n"));
        string head = _clone.Save("Whole", ("login.txt", "a form\n"));
        _clone.Git("update-ref", "refs/pull/12/head", head);
        _clone.Switch("main");
        string squash = _clone.Squash("proposal", "Log in");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", [CloneWatch.Commit(head), Key.PullRequest("acme/web", 12)]), _watch.Copy(squash));
    }

    [Fact]
    public async Task A_squash_of_a_branch_that_had_taken_in_main_is_recognised()
    {
        _clone.Fork("feature/login");
        _clone.Save("Half", ("login.txt", "half a form\n"));
        _clone.Switch("main");
        _clone.Save("Meanwhile", ("app.txt", WorkClone.Text((28, "meanwhile"))));
        _clone.Switch("feature/login");
        _clone.Merge("main", "Merge main");
        string head = _clone.Save("Whole", ("login.txt", "a form\n"));
        _clone.Switch("main");
        _clone.Save("More", ("other.txt", WorkClone.Text((1, "more"))));
        string squash = _clone.Squash("feature/login", "Log in");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", head), _watch.Copy(squash));
    }

    [Fact]
    public async Task A_branch_that_is_deleted_as_it_lands_is_still_known()
    {
        _clone.Fork("feature/login");
        string head = _clone.Save("Log in", ("login.txt", "a form\n"), ("app.txt", WorkClone.Text((3, "login"))));
        await _watch.SweepAsync();
        _clone.Switch("main");
        string squash = _clone.Squash("feature/login", "Log in");
        _clone.Git("branch", "--quiet", "-D", "feature/login");

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", head), _watch.Copy(squash));
    }

    [Fact]
    public async Task A_rebased_branch_has_landed_with_the_last_of_its_commits()
    {
        _clone.Fork("proposal");
        string first = _clone.Save("One", ("app.txt", WorkClone.Text((3, "one"))));
        string second = _clone.Save("Two", ("app.txt", WorkClone.Text((3, "one"), (20, "two"))));
        _clone.Git("update-ref", "refs/pull/12/head", second);
        _clone.Switch("main");
        _clone.Save("Meanwhile", ("other.txt", WorkClone.Text((1, "meanwhile"))));
        string one = _clone.Pick(first), two = _clone.Pick(second);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", first), _watch.Copy(one));
        Assert.Equal(CloneWatch.Of("patch", [CloneWatch.Commit(second), Key.PullRequest("acme/web", 12)]), _watch.Copy(two));
    }

    [Fact]
    public async Task Half_of_a_rebased_branch_is_not_the_pull_request()
    {
        _clone.Fork("proposal");
        _clone.Save("One", ("app.txt", WorkClone.Text((3, "one"))));
        string second = _clone.Save("Two", ("app.txt", WorkClone.Text((3, "one"), (20, "two"))));
        _clone.Git("update-ref", "refs/pull/12/head", second);
        _clone.Switch("main");
        string two = _clone.Pick(second);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", second), _watch.Copy(two));
    }

    [Fact]
    public async Task A_copy_that_is_known_better_later_names_all_it_is_a_copy_of()
    {
        _clone.Fork("proposal");
        string head = _clone.Save("Log in", ("login.txt", "a form\n"));
        _clone.Fork("release/1.0", "main");
        string early = _clone.Pick(head);
        _clone.Switch("main");
        string squash = _clone.Squash("proposal", "Log in");
        await _watch.SweepAsync();
        Assert.Equal(CloneWatch.Of("patch", early), _watch.Copy(squash));
        _clone.Git("update-ref", "refs/pull/12/head", head);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", [CloneWatch.Commit(early), CloneWatch.Commit(head), Key.PullRequest("acme/web", 12)]), _watch.Copy(squash));
    }

    [Fact]
    public async Task A_branch_that_was_really_merged_needs_no_equivalence()
    {
        _clone.Fork("feature/login");
        _clone.Save("Log in", ("login.txt", "a form\n"));
        _clone.Switch("main");
        string merge = _clone.Merge("feature/login", "Merge pull request #12 from acme/feature/login");

        await _watch.SweepAsync();

        Assert.Null(_watch.Copy(merge));
    }

    [Fact]
    public async Task Content_that_a_forced_push_took_away_and_that_comes_back_is_the_same_landing()
    {
        string kept = _clone.Save("Kept", ("other.txt", WorkClone.Text((1, "kept"))));
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string also = _clone.Save("Also (#13)", ("app.txt", WorkClone.Text((3, "fixed"), (20, "also"))));
        await _watch.SweepAsync();
        _clone.Git("reset", "--quiet", "--hard", kept);
        string instead = _clone.Save("Something else", ("other.txt", WorkClone.Text((1, "kept"), (9, "else"))));
        await _watch.SweepAsync();
        Assert.Equal(instead, _watch.Head("main")!.Revision);
        string back = _clone.Pick(fix);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), _watch.Copy(back));
        Assert.DoesNotContain(_watch.Record, f => f.Kind == FactKinds.Equivalent && f.Attribute(FactAttributes.EquivalentTo)!.Contains(also, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_forced_push_took_away_before_this_process_began_is_known_from_the_clones_log()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Git("reset", "--quiet", "--hard", "HEAD~1");
        _clone.Save("Something else", ("other.txt", WorkClone.Text((9, "else"))));
        string back = _clone.Pick(fix);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), _watch.Copy(back));
    }

    [Fact]
    public async Task A_change_of_white_space_only_is_nobodys_copy()
    {
        string Indented(int spaces) => WorkClone.Text((3, new string(' ', spaces) + "line 3"));
        _clone.Fork("release/1.0");
        string back = _clone.Save("Indent", ("app.txt", Indented(2)));
        _clone.Switch("main");
        string wide = _clone.Save("Indent", ("app.txt", Indented(8)));
        string narrow = _clone.Save("Indent less", ("app.txt", Indented(4)));

        await _watch.SweepAsync();

        Assert.All((string[])[back, wide, narrow], sha => Assert.Null(_watch.Copy(sha)));
        Assert.All((string[])[back, wide, narrow], sha => Assert.Null(_watch.Undoes(sha)));
    }

    [Fact]
    public async Task Two_pictures_under_one_name_are_not_the_same()
    {
        _clone.Fork("release/1.0");
        string theirs = _clone.Save("Picture", ("logo.bin", "\0\u0001theirs"));
        _clone.Switch("main");
        string ours = _clone.Save("Picture", ("logo.bin", "\0\u0001ours"));

        await _watch.SweepAsync();

        Assert.Null(_watch.Copy(ours));
        Assert.Null(_watch.Copy(theirs));
    }

    [Fact]
    public async Task A_picture_that_was_picked_is_the_same()
    {
        _clone.Fork("release/1.0");
        _clone.Switch("main");
        string ours = _clone.Save("Picture", ("logo.bin", "\0\u0001ours"));
        _clone.Switch("release/1.0");
        string copy = _clone.Pick(ours);

        await _watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", ours), _watch.Copy(copy));
    }

    [Fact]
    public async Task Nothing_is_compared_when_content_is_not_to_be_compared()
    {
        var watch = new CloneWatch(_clone, o =>
        {
            o.Branches.Add("main");
            o.Branches.Add("release/*");
            o.CompareContent = false;
        });
        _clone.Fork("release/1.0");
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        _clone.Switch("release/1.0");
        string copy = _clone.Pick(fix);

        await watch.SweepAsync();

        Assert.Null(watch.Copy(copy));
        Assert.Equal(["app.txt"], ClosedLoop.Lines.ChangedPaths.Read(watch.Find(FactKinds.Landing, copy)!));
    }
}
