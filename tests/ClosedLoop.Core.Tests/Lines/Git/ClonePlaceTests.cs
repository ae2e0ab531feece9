using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>Every kind of clone that a host may keep, and clones that cannot be read.</summary>
public sealed class ClonePlaceTests : IDisposable
{
    private readonly WorkClone _upstream = new();

    public ClonePlaceTests() => _upstream.Save("Begin", ("app.txt", WorkClone.Text()));

    public void Dispose() => _upstream.Dispose();

    [Fact]
    public async Task A_mirror_is_fetched_when_it_was_asked_for()
    {
        using var mirror = new WorkClone(_upstream.Path, "--mirror");
        var still = new CloneWatch(mirror);
        var fetching = new CloneWatch(mirror, static o => o.Fetch = true);
        string begin = _upstream.Head, fix = _upstream.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));

        await still.SweepAsync();
        Assert.Equal(begin, still.Head("main")!.Revision);
        await fetching.FillAsync(new LineGap("acme/web", "main", null));
        await still.SweepAsync();
        Assert.Equal(begin, still.Head("main")!.Revision);
        await fetching.SweepAsync();

        Assert.Equal(fix, fetching.Head("main")!.Revision);
        Assert.NotNull(fetching.Find(FactKinds.Landing, fix));
    }

    [Fact]
    public async Task A_remote_that_cannot_be_reached_is_a_result_that_shows_no_password()
    {
        using var mirror = new WorkClone(_upstream.Path, "--mirror");
        mirror.Git("remote", "set-url", "origin", "nosuch://ann:s3cret@git.example/acme/web.git");
        var watch = new CloneWatch(mirror, static o => o.Fetch = true);

        var result = await watch.SweepAsync();

        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("git fetch from 'origin' failed", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Detail, StringComparison.Ordinal);
        Assert.Empty(result.Facts);
    }

    [Fact]
    public async Task A_bare_clone_that_would_fetch_nothing_is_named_with_the_fix()
    {
        using var bare = new WorkClone(_upstream.Path, "--bare");

        var result = await new CloneWatch(bare, static o => o.Fetch = true).SweepAsync();

        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("git clone --mirror", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_clone_with_a_work_tree_the_remotes_branches_are_read_and_not_its_own()
    {
        using var copy = new WorkClone(_upstream.Path);
        string begin = _upstream.Head;
        copy.Save("Mine", ("mine.txt", "mine\n"));
        var watch = new CloneWatch(copy, static o => o.Branches.Add("*"));

        await watch.SweepAsync();

        Assert.Equal([(Key.Branch("acme/web", "main"), begin)], watch.Record.Where(static f => f.Kind == FactKinds.Head).Select(static f => (f.Subject, f.Revision!)));
    }

    [Fact]
    public async Task A_shallow_clone_does_not_say_that_history_begins_where_it_was_cut()
    {
        for (int i = 0; i < 6; i++) _upstream.Save($"{i} (#{i + 1})", ("count.txt", $"{i}\n"));
        using var shallow = new WorkClone(new Uri(_upstream.Path).AbsoluteUri, "--mirror", "--depth", "3");
        string[] line = _upstream.FirstParents("main");
        var watch = new CloneWatch(shallow);

        var result = await watch.SweepAsync();
        var gap = await watch.FillAsync(new LineGap("acme/web", "main", line[2]));

        Assert.Equal(line[..2], result.History.Select(static n => n.Sha));
        Assert.Equal([line[2]], result.History[^1].Parents.ToArray());
        Assert.Empty(gap.History);
        Assert.Null(watch.Find(FactKinds.Landing, line[2]));
        Assert.Equal(["count.txt"], ChangedPaths.Read(watch.Find(FactKinds.Landing, line[1])!));
    }

    [Fact]
    public async Task A_partial_clone_tells_its_history_and_fetches_no_contents()
    {
        _upstream.Git("config", "uploadpack.allowFilter", "true");
        string fix = _upstream.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string undone = _upstream.Save("Go back", ("app.txt", WorkClone.Text()));
        using var partial = new WorkClone(new Uri(_upstream.Path).AbsoluteUri, "--mirror", "--filter=blob:none");
        // Any fetch would fail from now on.
        partial.Git("remote", "set-url", "origin", "nosuch://git.example/acme/web.git");
        var watch = new CloneWatch(partial);

        var result = await watch.SweepAsync();

        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([undone, fix], result.History.Take(2).Select(static n => n.Sha));
        Assert.Null(watch.Undoes(undone));
        Assert.Null(ChangedPaths.Read(watch.Find(FactKinds.Landing, fix)!));
    }

    [Fact]
    public async Task A_repository_with_longer_ids_is_read()
    {
        using var clone = new WorkClone(null, "--object-format=sha256");
        clone.Save("Begin", ("app.txt", WorkClone.Text()));
        string fix = clone.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string undone = clone.Save("Go back", ("app.txt", WorkClone.Text()));
        string revert = clone.Revert(undone);
        var watch = new CloneWatch(clone);

        await watch.SweepAsync();

        Assert.Equal(64, watch.Head("main")!.Revision!.Length);
        Assert.Equal(CloneWatch.Of("patch", fix), watch.Undoes(undone));
        Assert.Equal(CloneWatch.Of("trailer", undone), watch.Undoes(revert));
    }

    [Fact]
    public async Task A_clone_that_went_away_is_unreachable_and_back_again_when_it_is_back()
    {
        var watch = new CloneWatch(_upstream);
        string aside = _upstream.Path + "-aside";
        Directory.Move(_upstream.Path, aside);

        var gone = await watch.SweepAsync();
        Directory.Move(aside, _upstream.Path);
        var back = await watch.SweepAsync();

        Assert.Equal((ProbeOutcome.Unreachable, ProbeOutcome.Reached), (gone.Outcome, back.Outcome));
        Assert.Contains("There is no folder", gone.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_repository_and_a_missing_program_are_named_with_the_fix()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_upstream.Folder, "plain")).FullName;

        var plain = await new CloneWatch(_upstream, o => o.Path = folder).SweepAsync();
        var missing = await new CloneWatch(_upstream, static o => o.GitExecutable = "no-such-git-program").SweepAsync();

        Assert.Contains("is not in a git repository", plain.Detail, StringComparison.Ordinal);
        Assert.Contains("install git, or set GitClone:git:GitExecutable", missing.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_repository_has_nothing_to_say()
    {
        using var empty = new WorkClone();

        var result = await new CloneWatch(empty).SweepAsync();

        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Empty(result.Facts);
        Assert.Empty(result.History);
    }

    [Fact]
    public async Task A_content_that_is_missing_costs_its_own_comparisons_and_no_others()
    {
        string fix = _upstream.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string broken = _upstream.Save("Broken (#13)", ("broken.txt", "broken\n"));
        string whole = _upstream.Save("Unbroken", ("broken.txt", "unbroken\n"));
        string undone = _upstream.Save("Go back", ("app.txt", WorkClone.Text()));
        string blob = _upstream.Sha($"{broken}:broken.txt");
        string file = Path.Combine(_upstream.Path, ".git", "objects", blob[..2], blob[2..]);
        File.SetAttributes(file, FileAttributes.Normal);
        File.Delete(file);
        var watch = new CloneWatch(_upstream);

        await watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), watch.Undoes(undone));
        Assert.Equal(["broken.txt"], ChangedPaths.Read(watch.Find(FactKinds.Landing, whole)!));
    }

    [Fact]
    public async Task A_clones_configuration_cannot_make_a_look_run_a_program_or_show_another_patch()
    {
        if (OperatingSystem.IsWindows()) return;
        string mark = Path.Combine(_upstream.Folder, "ran"), script = Path.Combine(_upstream.Folder, "run.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho ran >> '{mark}'\nexit 0\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        string hooks = Directory.CreateDirectory(Path.Combine(_upstream.Path, ".git", "hooks")).FullName;
        string fix = _upstream.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))), (".gitattributes", "*.txt diff=evil\n"));
        string undone = _upstream.Save("Go back", ("app.txt", WorkClone.Text()), (".gitattributes", null));
        _upstream.Save("Attributes", (".gitattributes", "*.txt diff=evil\n"));
        File.Copy(script, Path.Combine(hooks, "reference-transaction"));
        File.Copy(script, Path.Combine(hooks, "post-index-change"));
        foreach (string setting in (string[])["diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor", "gpg.program"]) _upstream.Git("config", setting, script);
        foreach (var (setting, value) in ((string, string)[])[("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true"), ("log.showSignature", "true"), ("diff.context", "0"), ("color.ui", "always")]) _upstream.Git("config", setting, value);
        _upstream.Git("show", "--ext-diff", fix);
        Assert.True(File.Exists(mark), "git itself runs the program, so that this test can fail");
        File.Delete(mark);
        var watch = new CloneWatch(_upstream);

        await watch.SweepAsync();

        Assert.Equal(CloneWatch.Of("patch", fix), watch.Undoes(undone));
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task A_look_leaves_nothing_behind_in_the_clone()
    {
        _upstream.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))), ("other.txt", "other\n"));
        _upstream.Save("Drop it", ("app.txt", WorkClone.Text()), ("other.txt", null), ("more.txt", "more\n"));
        string[] Files() => [.. Directory.EnumerateFiles(_upstream.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(static f => $"{f} {new FileInfo(f).LastWriteTimeUtc:O}")];
        string[] before = Files();

        await new CloneWatch(_upstream).SweepAsync();

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task A_replaced_commit_does_not_change_what_a_commits_parents_are()
    {
        string begin = _upstream.Head;
        string fix = _upstream.Save("Fix", ("app.txt", WorkClone.Text((3, "fixed"))));
        _upstream.Git("replace", "--graft", fix);

        var result = await new CloneWatch(_upstream).SweepAsync();

        Assert.Equal([begin], result.History.Single(n => n.Sha == fix).Parents.ToArray());
    }

    [Fact]
    public async Task A_branch_whose_name_cannot_be_a_key_is_left_out_with_a_word()
    {
        _upstream.Git("branch", "release/🙂");
        var watch = new CloneWatch(_upstream, static o => o.Branches.Add("*"));

        var result = await watch.SweepAsync();

        Assert.Contains(result.Diagnostics, static d => d.Contains("cannot be a key", StringComparison.Ordinal));
        Assert.NotNull(watch.Head("main"));
    }

    [Fact]
    public async Task A_comparison_that_takes_too_long_goes_on_at_the_next_look()
    {
        if (OperatingSystem.IsWindows()) return;
        string fix = _upstream.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        // A git that waits for the test before it compares anything, until it is let go.
        string pipe = Path.Combine(_upstream.Folder, "pipe"), free = Path.Combine(_upstream.Folder, "free"), script = Path.Combine(_upstream.Folder, "git.sh");
        using (var make = System.Diagnostics.Process.Start("mkfifo", pipe)) await make.WaitForExitAsync();
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ncase \"$*\" in *diff-tree*) [ -e '{free}' ] || cat '{pipe}';; esac\nexec git \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var watch = new CloneWatch(_upstream, o => o.GitExecutable = script);

        var slow = watch.SweepAsync();
        // Opening it waits until that git has come so far.
        await using (await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)))
        {
            watch.Time.Advance(TimeSpan.FromSeconds(91));
            var result = await slow;
            Assert.Equal(ProbeOutcome.Reached, result.Outcome);
            Assert.Contains(result.Diagnostics, static d => d.Contains("goes on at the next look", StringComparison.Ordinal));
            Assert.Equal(fix, watch.Head("main")!.Revision);
            Assert.Equal(2, result.History.Length);
        }
        Assert.Null(watch.Find(FactKinds.Landing, fix));
        await File.WriteAllTextAsync(free, "");
        await watch.SweepAsync();

        Assert.NotNull(watch.Find(FactKinds.Landing, fix));
    }

    [Fact]
    public async Task A_stopped_look_stops()
    {
        var watch = new CloneWatch(_upstream);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await watch.Adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "git", SweepSince = WorkClone.Start, At = WorkClone.Start }, new CancellationToken(canceled: true)));
    }
}
