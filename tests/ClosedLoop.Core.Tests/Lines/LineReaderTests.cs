using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>What people are shown of a line.</summary>
public sealed class LineReaderTests : Situation
{
    private ILoopQueries Queries => World.Loop.Get<ILoopQueries>();

    [Fact]
    public async Task Nothing_is_told_of_a_line_that_no_source_named()
    {
        await Web.LandAsync(1, "a", at: 1);
        Assert.Null(await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "other" }));
        Assert.Null(await Queries.ReadLineAsync(new LineQuery { Repository = "acme/none", Branch = "main" }));
        Assert.Null(await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "ma\tin" }));
        Assert.Null(await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "main", Before = LineWorld.Sha("nowhere") }));
        Assert.Empty(await Queries.ListLinesAsync("acme/none"));
    }

    [Fact]
    public async Task A_commits_colour_is_the_evidence_about_that_commit_and_not_what_a_later_one_proves()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.LandAsync(3, "c", at: 3);
        await Web.LandAsync(4, "d", at: 4);
        await Web.BuildAsync("a", GateStatus.Waiting, at: 5, Reason.Superseded);
        await Web.FailAsync("b", at: 6);
        await Web.PassAsync("c", at: 8);
        await Web.BuildAsync("d", GateStatus.Running, at: 9);

        var line = await ReadAsync();
        Assert.Equal(["d", "c", "b", "a"], line.Commits.Select(Name));
        Assert.Equal([0, 1, 2, 3], line.Commits.Select(static c => c.Behind));
        Assert.Equal([(GateStatus.Running, Reason.None), (GateStatus.Passed, Reason.None), (GateStatus.Failed, Reason.None), (GateStatus.Waiting, Reason.Superseded)], line.Commits.Select(static c => Assert.Single(c.Gates)).Select(static g => (g.Status, g.Reason)));
        // What landed with each, and who released it.
        Assert.Equal(["BL-4", "BL-3", "BL-2", "BL-1"], line.Commits.Select(static c => Assert.Single(c.Items).Id));
        Assert.Equal(Web.Pull(2), Assert.Single(line.Commits[2].Landed));
        var release = Assert.Single(Assert.Single(line.Commits[2].Items).ReleasedBy);
        Assert.Equal((Gates.MainCi, Web.Commit("c"), (Key?)Web.Pull(3)), (release.Gate, release.Commit, release.Change));
        Assert.Empty(Assert.Single(line.Commits[1].Items).ReleasedBy);
        Assert.Empty(line.Targets);
    }

    [Fact]
    public async Task A_commit_of_which_nothing_is_known_has_no_colour()
    {
        await Web.LandAsync(1, "a", at: 1);
        var line = await ReadAsync();
        Assert.Empty(Assert.Single(line.Commits).Gates);
        Assert.Empty(line.Line.Gates);
    }

    [Fact]
    public async Task A_line_is_red_since_the_first_of_the_failures_in_a_row_and_green_since_the_first_of_the_passes()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2);
        await Web.LandAsync(2, "b", at: 3);
        await Web.FailAsync("b", at: 5);
        await Web.LandAsync(3, "c", at: 6);
        await Web.FailAsync("c", at: 8);
        await Web.LandAsync(4, "d", at: 9);
        await ExpectAsync(GateStatus.Failed, since: 5, "c", behind: 1);
        await Web.PassAsync("d", at: 12);
        await Web.LandAsync(5, "e", at: 13);
        await Web.PassAsync("e", at: 15);
        await ExpectAsync(GateStatus.Passed, since: 12, "e", behind: 0);
        var listed = Assert.Single(await Queries.ListLinesAsync());
        Assert.Equal(("acme/web", "main", LineWorld.Sha("e"), LineWorld.Sha("e"), Given.At(13)), (listed.Repository, listed.Branch, listed.Head, listed.KnownHead, listed.HeadAt));

        async Task ExpectAsync(GateStatus status, double since, string commit, long behind)
        {
            var gate = Assert.Single((await ReadAsync()).Line.Gates);
            Assert.Equal((Gates.MainCi, status, Given.At(since), LineWorld.Sha(commit), behind), (gate.Gate, gate.Status, gate.Since, gate.Commit, gate.Behind));
        }
    }

    [Fact]
    public async Task One_of_two_checks_that_is_red_makes_the_line_red_whatever_the_other_says_later()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2, job: "unit");
        await Web.FailAsync("a", at: 3, job: "e2e");
        await Web.LandAsync(2, "b", at: 4);
        await Web.PassAsync("b", at: 5, job: "unit");
        var line = await ReadAsync();
        var gate = Assert.Single(line.Line.Gates);
        Assert.Equal((GateStatus.Failed, Given.At(3), LineWorld.Sha("a"), 1L), (gate.Status, gate.Since, gate.Commit, gate.Behind));
        // The newest commit's own evidence is green, and says no more than that.
        Assert.Equal([GateStatus.Passed, GateStatus.Failed], line.Commits.Select(static c => c.Gates[0].Status));
    }

    [Fact]
    public async Task Where_a_required_check_has_no_verdict_the_line_is_not_green()
    {
        Use(static p => p.Gate(Gates.MainCi, static g => g.Require("unit", "e2e")));
        await Web.LandAsync(1, "a", at: 1);
        await Web.PassAsync("a", at: 2, job: "unit");
        var line = await ReadAsync();
        var gate = Assert.Single(line.Line.Gates);
        Assert.Equal((GateStatus.Running, (DateTimeOffset?)null), (gate.Status, gate.Since));
        Assert.Equal(GateStatus.Running, line.Commits[0].Gates[0].Status);
    }

    [Fact]
    public async Task Pages_follow_each_other_through_the_fork_point_of_a_branch_while_commits_are_pushed()
    {
        for (int i = 1; i <= 9; i++) await Web.LandAsync(i, $"c{i}", at: i);
        await Web.ResetAsync("release", "c6", at: 10);
        await Web.PushAsync("r1", at: 11, branch: "release");
        await Web.PushAsync("r2", at: 12, branch: "release");
        string[] expected = ["r2", "r1", "c6", "c5", "c4", "c3", "c2", "c1"];
        foreach (int limit in new[] { 1, 2, 3, 7, 8, 50 })
        {
            var read = new List<string>();
            string? before = null;
            do
            {
                var page = (await Queries.ReadLineAsync(new LineQuery { Repository = "ACME/Web", Branch = "release", Before = before, Limit = limit }))!;
                read.AddRange(page.Commits.Select(Name));
                before = page.NextBefore;
            }
            while (before is not null);
            Assert.Equal(expected, read);
        }
        var first = (await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "release", Limit = 3 }))!;
        await Web.PushAsync("r3", at: 13, branch: "release");
        var next = (await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "release", Limit = 3, Before = first.NextBefore }))!;
        Assert.Equal(["c5", "c4", "c3"], next.Commits.Select(Name));
        Assert.Equal(4, next.Commits[0].Behind);
        // Not of this line.
        Assert.Null(await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "release", Before = LineWorld.Sha("c7") }));
    }

    [Fact]
    public async Task Only_history_that_is_known_is_told()
    {
        await Web.LandAsync(1, "a", at: 1);
        Web.HidesHistory = true;
        await Web.LandAsync(2, "b", at: 2);
        await Web.LandAsync(3, "c", at: 3);
        var line = await ReadAsync();
        Assert.Equal((LineWorld.Sha("c"), LineWorld.Sha("a")), (line.Line.Head, line.Line.KnownHead));
        Assert.Equal(["a"], line.Commits.Select(Name));
        await Web.RevealAsync(4);
        Assert.Equal(["c", "b", "a"], (await ReadAsync()).Commits.Select(Name));
    }

    [Fact]
    public async Task What_was_built_of_a_commit_and_what_runs_where_is_told_with_its_distance_from_the_head()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.LandAsync(3, "c", at: 3);
        await Web.ImageAsync("i-a", at: 4, "a");
        await Web.ImageAsync("i-b", at: 5, "b");
        await World.Target(name: "eu").RunsAsync("i-a", at: 6);
        await World.Target(name: "eu").RunsAsync("i-b", at: 8);
        await World.Target(name: "eu").RunsAsync("i-b", at: 9);
        await World.Target(name: "us").RollsAsync(10, "i-a", "i-b");
        await World.Target(name: "us").HealthyAsync("i-a", at: 10.5);
        await World.Target(name: "eu").HealthyAsync("i-b", at: 11);
        var line = await ReadAsync();
        Assert.Equal([[], [LineWorld.Digest("i-b")], [LineWorld.Digest("i-a")]], line.Commits.Select(static c => c.Images));
        Assert.Equal(["eu", "us"], line.Targets.Select(static t => t.Name));
        var (eu, us) = (line.Targets[0], line.Targets[1]);
        Assert.Equal([new LineDeployment(LineWorld.Sha("b"), 1)], eu.Running);
        Assert.Equal((Given.At(8), GateStatus.Passed, Given.At(11)), (eu.Since, eu.Health!.Status, eu.Health.At));
        Assert.Equal([LineWorld.Sha("a"), LineWorld.Sha("b")], us.Running.Select(static r => r.Sha).Order(StringComparer.Ordinal));

        // Another version runs: what was checked before says nothing of it.
        await World.Target(name: "eu").RunsAsync("i-a", at: 20);
        eu = (await ReadAsync()).Targets[0];
        Assert.Equal([new LineDeployment(LineWorld.Sha("a"), 2)], eu.Running);
        Assert.Equal(Given.At(20), eu.Since);
        Assert.Null(eu.Health);
        // A rollout that failed changes nothing about what runs.
        await World.Target(name: "eu").RolloutAsync(GateStatus.Failed, at: 22, "i-b");
        eu = (await ReadAsync()).Targets[0];
        Assert.Equal(LineWorld.Sha("a"), Assert.Single(eu.Running).Sha);
        Assert.Equal((GateStatus.Failed, Given.At(22)), (eu.Attempt!.Status, eu.Attempt.At));
        Assert.Equal(LineWorld.Sha("b"), Assert.Single(eu.Attempt.Commits).Sha);
        // A target that is gone runs nothing.
        await World.Target(name: "us").RolloutAsync(GateStatus.NotApplicable, at: 25);
        Assert.Equal(["eu"], (await ReadAsync()).Targets.Select(static t => t.Name));
    }

    [Fact]
    public async Task A_version_whose_commit_is_not_of_the_line_has_no_distance()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-x", at: 2, "x");
        await Production.RunsAsync("i-x", at: 3);
        Assert.Equal([new LineDeployment(LineWorld.Sha("x"), null)], Assert.Single((await ReadAsync()).Targets).Running);
    }

    [Fact]
    public async Task A_revert_shows_what_it_takes_away()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.RevertAsync(2, "r", at: 2, of: 1);
        var commit = (await ReadAsync()).Commits[0];
        Assert.Equal([Web.Pull(1)], commit.Removed);
        Assert.Equal([Web.Pull(2)], commit.Landed);
    }

    private async Task<LineView> ReadAsync() => (await Queries.ReadLineAsync(new LineQuery { Repository = "acme/web", Branch = "main" }))!;

    private static string Name(LineCommit commit) => System.Text.Encoding.UTF8.GetString(Convert.FromHexString(commit.Sha)).TrimEnd('\0');
}
