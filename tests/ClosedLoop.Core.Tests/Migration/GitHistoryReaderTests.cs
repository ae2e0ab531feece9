using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Tests.Migration;

public sealed class GitHistoryReaderTests
{
    [Fact]
    public async Task Merge_squash_and_direct_commits_land_in_first_parent_order()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        string squash = clone.Commit("Add login (#7)", 10, 4, root);
        string side1 = clone.Commit("wip", 5, 5, root);
        string side2 = clone.Commit("wip (#99)", 6, 6, side1);
        string merge = clone.Land(clone.Commit("Merge pull request #8 from acme/topic", 20, 20, squash, side2));

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal(clone.FirstParents(), history.Landings.Select(static l => l.Sha));
        Assert.Equal([root, squash, merge], history.Landings.Select(static l => l.Sha));
        Assert.Equal([GitLandingKind.Direct, GitLandingKind.Squash, GitLandingKind.Merge], history.Landings.Select(static l => l.Kind));
        Assert.Equal([null, 7, 8], history.Landings.Select(static l => l.PullRequestNumber));
        Assert.Equal([1, 1, 2], history.Landings.Select(static l => l.CommitCount));
        Assert.Equal([0, 6, 15], history.Landings.Select(static l => l.LeadTime.TotalHours));
        Assert.Equal("Add login (#7)", history.Landings[1].Subject);
        Assert.Equal(TestClone.Start.AddHours(10), history.Landings[1].CommittedAt);
        Assert.Equal(("main", merge, false, 5, 3, "local/clone"), (history.Branch, history.Head, history.IsShallow, history.CommitCount, history.FirstParentCount, history.Repository));
    }

    [Fact]
    public async Task Git_merge_itself_makes_a_merge_and_git_merge_squash_a_direct_landing()
    {
        using var clone = new TestClone();
        Do(0, "commit", "--allow-empty", "-m", "Begin");
        clone.Git("checkout", "--quiet", "-b", "topic");
        await File.WriteAllTextAsync(Path.Combine(clone.Path, "a.txt"), "a");
        clone.Git("add", "a.txt");
        Do(1, "commit", "-m", "One");
        clone.Git("checkout", "--quiet", "-b", "second", "main");
        await File.WriteAllTextAsync(Path.Combine(clone.Path, "b.txt"), "b");
        clone.Git("add", "b.txt");
        Do(2, "commit", "-m", "Two");
        clone.Git("checkout", "--quiet", "main");
        Do(3, "merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic");
        clone.Git("merge", "--quiet", "--squash", "second");
        Do(5, "commit", "-m", "Two, squashed");

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal(clone.FirstParents(), history.Landings.Select(static l => l.Sha));
        Assert.Equal([GitLandingKind.Direct, GitLandingKind.Merge, GitLandingKind.Direct], history.Landings.Select(static l => l.Kind));
        Assert.Equal([0, 2, 0], history.Landings.Select(static l => l.LeadTime.TotalHours));

        void Do(int hour, params string[] arguments) => clone.Git(arguments, TestClone.Stamp(hour), TestClone.Stamp(hour));
    }

    [Fact]
    public async Task An_octopus_merge_brings_in_the_commits_of_all_its_other_parents()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        string a = clone.Commit("a", 9, 3, root), b = clone.Commit("b", 9, 2, root), c = clone.Commit("c", 9, 4, clone.Commit("c0", 8, 8, root));
        clone.Land(clone.Commit("Merge a, b and c", 10, 10, root, a, b, c));

        var landing = (await GitHistoryReader.ReadAsync(clone.Path)).Landings[^1];

        Assert.Equal((GitLandingKind.Merge, 4, 8.0), (landing.Kind, landing.CommitCount, landing.LeadTime.TotalHours));
    }

    [Fact]
    public async Task A_commit_that_two_merges_reach_belongs_to_the_first_of_them()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        string shared = clone.Commit("shared", 1, 1, root);
        string first = clone.Commit("Merge first", 5, 5, root, shared);
        string more = clone.Commit("more", 6, 6, shared);
        clone.Land(clone.Commit("Merge second", 8, 8, first, more));

        var landings = (await GitHistoryReader.ReadAsync(clone.Path)).Landings;

        Assert.Equal([1, 1, 1], landings.Select(static l => l.CommitCount));
        Assert.Equal([0, 4, 2], landings.Select(static l => l.LeadTime.TotalHours));
    }

    [Fact]
    public async Task Criss_cross_merges_count_each_commit_once()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        string ours = clone.Commit("ours", 1, 1, root), theirs = clone.Commit("theirs", 2, 2, root);
        string intoOurs = clone.Commit("Merge theirs", 3, 3, ours, theirs), intoTheirs = clone.Commit("Merge ours", 3, 3, theirs, ours);
        string last = clone.Land(clone.Commit("Merge again", 4, 4, intoOurs, intoTheirs));

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal([root, ours, intoOurs, last], history.Landings.Select(static l => l.Sha));
        Assert.Equal([1, 1, 1, 1], history.Landings.Select(static l => l.CommitCount));
        Assert.Equal([0, 0, 1, 1], history.Landings.Select(static l => l.LeadTime.TotalHours));
    }

    [Fact]
    public async Task A_merge_that_brings_in_nothing_new_has_its_own_author_time()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0), next = clone.Commit("Next", 1, 1, root);
        clone.Land(clone.Commit("Merge the past", 5, 4, next, root));

        var landing = (await GitHistoryReader.ReadAsync(clone.Path)).Landings[^1];

        Assert.Equal((GitLandingKind.Merge, 0, 1.0), (landing.Kind, landing.CommitCount, landing.LeadTime.TotalHours));
    }

    [Fact]
    public async Task A_merge_of_old_commits_has_a_long_lead_time()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0);
        string old = clone.Commit("from long ago", 100, -24 * 365, root);
        clone.Land(clone.Commit("Merge old", 101, 101, root, old));

        Assert.Equal(101 + (24 * 365), (await GitHistoryReader.ReadAsync(clone.Path)).Landings[^1].LeadTime.TotalHours);
    }

    [Fact]
    public async Task A_parent_newer_than_its_child_keeps_the_first_parent_order_and_a_negative_lead_time_is_told_apart()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 50);
        string early = clone.Commit("By a slow clock", 10, 30, root);
        string side = clone.Commit("side", 90, 90, root);
        clone.Land(clone.Commit("Merge side", 20, 20, early, side));

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal(clone.FirstParents(), history.Landings.Select(static l => l.Sha));
        Assert.Equal([0, -20, -70], history.Landings.Select(static l => l.LeadTime.TotalHours));
        Assert.Equal(2, GitThroughput.Of(history.Landings).NegativeLeadTimes);
    }

    [Fact]
    public async Task A_history_with_two_roots_is_read_whole()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0), other = clone.Commit("Another beginning", 1);
        string merge = clone.Land(clone.Commit("Merge another history", 5, 5, root, other));

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal([root, merge], history.Landings.Select(static l => l.Sha));
        Assert.Equal((1, 4.0, 3), (history.Landings[1].CommitCount, history.Landings[1].LeadTime.TotalHours, history.CommitCount));
    }

    [Fact]
    public async Task Since_leaves_out_older_landings_but_not_what_they_brought_in()
    {
        using var clone = new TestClone();
        string root = clone.Commit("Begin", 0), shared = clone.Commit("shared", 1, 1, root);
        string first = clone.Commit("Merge first", 5, 5, root, shared);
        clone.Land(clone.Commit("Merge second", 8, 8, first, clone.Commit("more", 6, 6, shared)));

        var history = await GitHistoryReader.ReadAsync(clone.Path, new GitHistoryOptions { Since = TestClone.Start.AddHours(8) });

        Assert.Equal("Merge second", Assert.Single(history.Landings).Subject);
        Assert.Equal((3, 2.0), (history.FirstParentCount, history.Landings[0].LeadTime.TotalHours));
    }

    [Fact]
    public async Task A_subject_with_control_characters_or_broken_text_is_made_harmless()
    {
        using var clone = new TestClone();
        clone.Land(clone.Raw(clone.RawCommit([.. "red \u001b[31m \u0085 "u8, 0xff, .. " end\n"u8], 0)));

        string subject = Assert.Single((await GitHistoryReader.ReadAsync(clone.Path)).Landings).Subject;

        Assert.DoesNotContain(subject, char.IsControl);
        Assert.StartsWith("red  [31m", subject, StringComparison.Ordinal);
        Assert.EndsWith("\ufffd end", subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_subject_is_cut_but_its_pull_request_is_seen()
    {
        using var clone = new TestClone();
        string subject = new string('x', 200_000) + "🙂 (#41)";
        clone.Land(clone.Raw(clone.RawCommit(Encoding.UTF8.GetBytes(subject), 0)));

        var landing = Assert.Single((await GitHistoryReader.ReadAsync(clone.Path)).Landings);

        Assert.Equal((GitLandingKind.Squash, 41L, 300), (landing.Kind, landing.PullRequestNumber, landing.Subject.Length));
    }

    [Fact]
    public async Task A_commit_without_a_readable_time_is_still_a_landing()
    {
        using var clone = new TestClone();
        string tree = clone.EmptyTree();
        clone.Land(clone.Raw(Encoding.UTF8.GetBytes($"tree {tree}\nauthor Dev <dev@example.com> 99999999999999999999 +0000\ncommitter Dev <dev@example.com>\n\nOdd\n")));

        var landing = Assert.Single((await GitHistoryReader.ReadAsync(clone.Path)).Landings);

        Assert.Equal("Odd", landing.Subject);
        Assert.Equal(DateTimeOffset.UnixEpoch, landing.CommittedAt);
    }

    [Fact]
    public async Task Progress_ends_with_the_number_of_commits()
    {
        using var clone = new TestClone();
        clone.Land(clone.Commit("Next", 1, 1, clone.Commit("Begin", 0)));
        var seen = new Seen();

        await GitHistoryReader.ReadAsync(clone.Path, progress: seen);

        Assert.Equal(2, seen.Last.CommitsRead);
    }

    [Fact]
    public async Task A_history_above_the_limit_is_refused_with_the_option_to_raise()
    {
        using var clone = new TestClone();
        clone.Land(clone.Commit("Next", 1, 1, clone.Commit("Begin", 0)));

        var error = await Assert.ThrowsAsync<GitHistoryException>(() => GitHistoryReader.ReadAsync(clone.Path, new GitHistoryOptions { MaxCommits = 1 }));

        Assert.Contains("GitHistoryOptions:MaxCommits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_reading_stops()
    {
        using var clone = new TestClone();
        clone.Land(clone.Commit("Begin", 0));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GitHistoryReader.ReadAsync(clone.Path, cancellationToken: new CancellationToken(canceled: true)));
    }

    private sealed class Seen : IProgress<GitProgress>
    {
        public GitProgress Last { get; private set; }

        public void Report(GitProgress value) => Last = value;
    }
}
