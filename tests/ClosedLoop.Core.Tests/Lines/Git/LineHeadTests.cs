using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>Where lines stand and how they came there, whatever is done to a branch.</summary>
public sealed class LineHeadTests : IDisposable
{
    private readonly WorkClone _clone = new();
    private readonly CloneWatch _watch;
    private readonly string _begin;

    public LineHeadTests()
    {
        _begin = _clone.Save("Begin", ("app.txt", WorkClone.Text()));
        _watch = new CloneWatch(_clone, o =>
        {
            o.Branches.Add("main");
            o.Branches.Add("release/*");
            o.Window = 10;
        });
    }

    public void Dispose() => _clone.Dispose();

    [Fact]
    public async Task Each_matching_branch_has_a_head_and_its_history_with_all_parents()
    {
        _clone.Fork("feature/login");
        string side = _clone.Save("Log in", ("login.txt", "a form\n"));
        _clone.Switch("main");
        string merge = _clone.Merge("feature/login", "Merge pull request #12 from acme/feature/login");
        _clone.Fork("release/1.0");
        string released = _clone.Save("Release", ("VERSION", "1.0\n"));

        var result = await _watch.SweepAsync();

        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(merge, _watch.Head("main")!.Revision);
        Assert.Equal(released, _watch.Head("release/1.0")!.Revision);
        Assert.Null(_watch.Head("feature/login"));
        Assert.Equal([_begin, side], Node(result, merge)!.Parents.ToArray());
        Assert.Equal([merge], Node(result, released)!.Parents.ToArray());
        Assert.Empty(Node(result, _begin)!.Parents.ToArray());
        Assert.Null(Node(result, side));
        Assert.Equal(WorkClone.Start.AddHours(1), Node(result, _begin)!.CommittedAt);
        Assert.All(result.History, n => Assert.Equal("acme/web", n.Repository));
    }

    [Fact]
    public async Task Landings_tell_their_line_their_kind_their_pull_request_and_their_paths()
    {
        _clone.Fork("feature/login");
        _clone.Save("Log in", ("login.txt", "a form\n"), ("docs/login.md", "how\n"));
        _clone.Switch("main");
        string direct = _clone.Save("Tune", ("app.txt", WorkClone.Text((3, "tuned"))));
        string merge = _clone.Merge("feature/login", "Merge pull request #12 from acme/feature/login");
        string squash = _clone.Save("Log out (#13)", ("login.txt", null), ("späte/ä.txt", "ä\n"));
        _clone.Fork("release/1.0");
        string released = _clone.Save("Release (#14)", ("VERSION", "1.0\n"));

        await _watch.SweepAsync();

        Assert.Equal(["merge|main|pr:acme/web#12|docs/login.md,login.txt"], Landing(merge));
        Assert.Equal(["squash|main|pr:acme/web#13|login.txt,späte/ä.txt"], Landing(squash));
        Assert.Equal(["direct|main||app.txt"], Landing(direct));
        Assert.Equal(["squash|release/1.0|pr:acme/web#14|VERSION"], Landing(released));
        Assert.Equal(["direct|main||app.txt"], Landing(_begin));
    }

    [Fact]
    public async Task A_landing_can_be_left_to_another_source_and_spoken_of_in_its_name()
    {
        var github = Writer.Parse("scm:github");
        var watch = new CloneWatch(_clone, o =>
        {
            o.EmitLandings = false;
            o.Writer = github;
            o.CommitUrl = "https://git.example/acme/web/commit/{sha}";
        });
        string fix = _clone.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string revert = _clone.Revert(fix);

        await watch.SweepAsync();

        Assert.Null(watch.Find(FactKinds.Landing, fix));
        Assert.Equal(github, watch.Find(FactKinds.Revert, revert)!.Writer);
        Assert.Equal($"https://git.example/acme/web/commit/{revert}", watch.Find(FactKinds.Revert, revert)!.Evidence!.Url!.OriginalString);
        Assert.Equal([github], watch.Adapter.Writers.ToArray());
        Assert.True(watch.Adapter.ReadsLines);
        Assert.Null(watch.Adapter.Translator);
    }

    [Fact]
    public async Task A_commit_belongs_to_the_line_that_is_named_first_also_after_it_was_merged_back()
    {
        _clone.Fork("release/1.0");
        string hotfix = _clone.Save("Hotfix (#12)", ("fix.txt", "fix\n"));
        _clone.Switch("main");
        string back = _clone.Merge("release/1.0", "Merge release/1.0");
        string on = _clone.Save("Go on", ("on.txt", "on\n"));
        _clone.Fork("release/2.0");
        string second = _clone.Save("Second", ("VERSION", "2.0\n"));

        await _watch.SweepAsync();

        Assert.Equal(["release/1.0", "main", "main", "release/2.0"], ((string[])[hotfix, back, on, second]).Select(sha => _watch.Find(FactKinds.Landing, sha)!.Attribute(FactAttributes.Branch)));
    }

    [Fact]
    public async Task A_head_is_as_old_as_the_ref_that_says_so_and_not_as_new_as_the_look()
    {
        string file = Path.Combine(_clone.Path, ".git", "refs", "heads", "main");
        File.SetLastWriteTimeUtc(file, WorkClone.Start.UtcDateTime);
        await _watch.SweepAsync();
        await _watch.SweepAsync();
        Assert.Equal((Ordinal.At(WorkClone.Start), WorkClone.Start), (_watch.Head("main")!.Ordinal, _watch.Head("main")!.OccurredAt));

        string fix = _clone.Save("Fix", ("app.txt", WorkClone.Text((3, "fixed"))));
        File.SetLastWriteTimeUtc(file, WorkClone.Start.AddHours(3).UtcDateTime);
        _clone.Git("pack-refs", "--all");
        File.SetLastWriteTimeUtc(Path.Combine(_clone.Path, ".git", "packed-refs"), WorkClone.Start.AddHours(4).UtcDateTime);
        await _watch.SweepAsync();

        Assert.Equal((fix, Ordinal.At(WorkClone.Start.AddHours(4))), (_watch.Head("main")!.Revision, _watch.Head("main")!.Ordinal));
    }

    [Fact]
    public async Task A_head_whose_file_is_of_the_future_is_of_now()
    {
        File.SetLastWriteTimeUtc(Path.Combine(_clone.Path, ".git", "refs", "heads", "main"), new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await _watch.SweepAsync();

        Assert.Equal(_watch.Time.GetUtcNow(), _watch.Head("main")!.OccurredAt);
    }

    [Fact]
    public async Task A_look_whose_answer_was_not_stored_is_repeated_and_a_stored_one_is_not()
    {
        await _watch.SweepAsync();
        string fix = _clone.Save("Fix (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));

        var lost = await _watch.SweepAsync(stored: false);
        var again = await _watch.SweepAsync();
        await _watch.SweepAsync();
        var later = await _watch.SweepAsync();

        foreach (var result in (ProbeResult[])[lost, again])
        {
            Assert.NotNull(Node(result, fix));
            Assert.Contains(result.Facts, f => f.Kind == FactKinds.Landing && f.Subject == CloneWatch.Commit(fix));
        }
        Assert.Empty(later.History);
        Assert.All(later.Facts, static f => Assert.Equal(FactKinds.Head, f.Kind));
    }

    [Fact]
    public async Task A_forced_push_moves_the_head_and_brings_what_is_new()
    {
        string gone = _clone.Save("Gone (#12)", ("app.txt", WorkClone.Text((3, "gone"))));
        await _watch.SweepAsync();
        _clone.Git("reset", "--quiet", "--hard", _begin);
        string instead = _clone.Save("Instead (#13)", ("app.txt", WorkClone.Text((3, "instead"))));

        var result = await _watch.SweepAsync();

        Assert.Equal(instead, _watch.Head("main")!.Revision);
        Assert.Equal([_begin], Node(result, instead)!.Parents.ToArray());
        Assert.NotNull(_watch.Find(FactKinds.Landing, gone));
        Assert.Null(_watch.Undoes(instead));
    }

    [Fact]
    public async Task A_foxtrot_merge_keeps_what_was_on_the_line_reachable_by_the_second_parent()
    {
        string theirs = _clone.Save("Theirs (#12)", ("app.txt", WorkClone.Text((3, "theirs"))));
        await _watch.SweepAsync();
        // Somebody merges main into a local main and pushes that.
        _clone.Fork("local", _begin);
        string mine = _clone.Save("Mine", ("mine.txt", "mine\n"));
        string foxtrot = _clone.Merge("main", "Merge branch 'main'");
        _clone.Switch("main");
        _clone.Git("reset", "--quiet", "--hard", "local");

        var result = await _watch.SweepAsync();

        Assert.Equal(foxtrot, _watch.Head("main")!.Revision);
        Assert.Equal([mine, theirs], Node(result, foxtrot)!.Parents.ToArray());
        Assert.Equal([_begin], Node(result, mine)!.Parents.ToArray());
        Assert.Equal(["app.txt"], ChangedPaths.Read(_watch.Find(FactKinds.Landing, foxtrot)!));
        Assert.Equal(["mine.txt"], ChangedPaths.Read(_watch.Find(FactKinds.Landing, mine)!));
        Assert.Null(_watch.Copy(foxtrot));
    }

    [Fact]
    public async Task History_before_the_window_comes_through_gaps()
    {
        for (int i = 0; i < 25; i++) _clone.Save($"Commit {i}", ("count.txt", $"{i}\n"));
        string[] line = _clone.FirstParents("main");

        var first = await _watch.SweepAsync();
        string missing = first.History[^1].Parents[0];
        var rest = await _watch.FillAsync(new LineGap("Acme/Web", "main", missing));

        Assert.Equal(line[..10], first.History.Select(static n => n.Sha));
        Assert.Equal(line[10], missing);
        Assert.Equal(line[10..], rest.History.Select(static n => n.Sha));
        Assert.Equal(line[0], Assert.Single(rest.Facts).Revision);
        Assert.Empty(rest.History[^1].Parents.ToArray());
    }

    [Fact]
    public async Task A_gap_without_a_beginning_is_read_from_the_head()
    {
        string fix = _clone.Save("Fix", ("app.txt", WorkClone.Text((3, "fixed"))));

        var result = await _watch.FillAsync(new LineGap("acme/web", "main", null));

        Assert.Equal([fix, _begin], result.History.Select(static n => n.Sha));
        Assert.Equal(fix, Assert.Single(result.Facts).Revision);
    }

    [Fact]
    public async Task History_that_is_on_no_line_is_read_from_the_commit_that_is_asked_for()
    {
        _clone.Fork("feature/login");
        string side = _clone.Save("Log in", ("login.txt", "a form\n"));

        var result = await _watch.FillAsync(new LineGap("acme/web", "", side.ToUpperInvariant()));

        Assert.Equal([side, _begin], result.History.Select(static n => n.Sha));
        Assert.Empty(result.Facts);
    }

    [Theory]
    [InlineData("--output=/tmp/closedloop-should-not-exist")]
    [InlineData("main")]
    [InlineData("0123456789012345678901234567890123456789")]
    [InlineData("")]
    public async Task A_gap_from_anything_but_a_commit_that_is_here_brings_nothing(string from)
    {
        var result = await _watch.FillAsync(new LineGap("acme/web", "main", from));

        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Empty(result.History);
        Assert.False(File.Exists("/tmp/closedloop-should-not-exist"));
    }

    [Fact]
    public async Task A_gap_of_another_repository_or_branch_is_left_to_others()
    {
        var result = await _watch.FillAsync(new LineGap("acme/other", "main", null), new LineGap("acme/web", "feature/x", null));

        Assert.Empty(result.History);
        Assert.Empty(result.Facts);
    }

    [Fact]
    public async Task Keys_alone_are_not_looked_at()
    {
        var result = await _watch.Adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "git", Keys = [CloneWatch.Commit(_begin)], At = _watch.Time.GetUtcNow() }, CancellationToken.None);

        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Empty(result.Facts);
    }

    private static CommitNode? Node(ProbeResult result, string sha) => result.History.SingleOrDefault(n => n.Sha == sha);

    private string[] Landing(string sha) =>
        [.. _watch.Record.Where(f => f.Kind == FactKinds.Landing && f.Subject == CloneWatch.Commit(sha)).Select(static f =>
            $"{f.Attribute(FactAttributes.LandingKind)}|{f.Attribute(FactAttributes.Branch)}|{string.Join(',', f.Links)}|{string.Join(',', ChangedPaths.Read(f)!)}")];
}
