using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>What the truth says, checked after every step of several worlds against a slower way to say it: plain walks of the history.</summary>
public sealed class WorldTruthTests
{
    private static readonly SandboxOptions Busy = new() { GenerateFor = TimeSpan.FromSeconds(20), RollbackEvery = TimeSpan.FromSeconds(15), RevertEvery = TimeSpan.FromSeconds(5), BreakRate = 0.08, MarkBad = (_, _) => Task.CompletedTask };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_green_build_covers_what_landed_before_it_and_nothing_else_does(int seed)
    {
        var world = new DrivenWorld(Busy with { Seed = seed });
        await world.PlayAsync(() => Each(world, (service, change) =>
        {
            bool green = service.Built.Any(c => c.Verdict?.Result == JenkinsBuild.Success && Has(c, change));
            Is(world, change, Gates.MainCi, green);
            Is(world, change, Gates.ImageBuilt, service.Versions.Any(v => Has(v.Commit, change)));
        }));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_change_is_rolled_out_while_everything_that_serves_has_it_and_merged_while_main_has_it(int seed)
    {
        var world = new DrivenWorld(Busy with { Seed = seed });
        await world.PlayAsync(() => Each(world, (service, change) =>
        {
            Is(world, change, Gates.Merged, Has(service.Line.Head, change));
            // A vetoed version keeps alive only what was alive before it, which is what a rollback leaves.
            bool live = service.Targets.All(t => t.Serving.All(v => Has(v.Commit, change)));
            if (!service.Targets.Any(t => t.Serving.Any(v => v.IsVetoed))) Is(world, change, Gates.RolledOut, live);
            else if (!live) Is(world, change, Gates.RolledOut, false);
        }));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task A_rollback_takes_away_exactly_what_the_bad_version_brought(int seed)
    {
        var world = new DrivenWorld(Busy with { Seed = seed, RevertEvery = TimeSpan.Zero });
        int rollbacks = 0;
        var before = new Dictionary<WorldTarget, WorldVersion>();
        await world.PlayAsync(() =>
        {
            foreach (var service in world.State.Services)
            {
                foreach (var target in service.Targets)
                {
                    if (target.Serving is not [var now]) continue;
                    if (before.GetValueOrDefault(target) is { } bad && bad != now && bad.Commit.Contains(now.Commit))
                    {
                        rollbacks++;
                        foreach (var change in service.Changes)
                            if (Has(bad.Commit, change) != Has(now.Commit, change))
                                Assert.Equal(GateStatus.Failed, Now(world, change, Gates.RolledOut));
                            else if (Has(now.Commit, change) && service.Targets.All(t => Has(t.Serving[0].Commit, change)))
                                Assert.Equal(GateStatus.Passed, Now(world, change, Gates.RolledOut));
                    }
                    before[target] = now;
                }
            }
        });

        Assert.True(rollbacks >= 2, "each target goes back");
        Assert.Equal(rollbacks, 2 * world.World.Count().Rollbacks);
    }

    [Fact]
    public async Task A_version_that_was_marked_bad_never_runs_again()
    {
        for (int seed = 20; seed < 25; seed++)
        {
            var world = new DrivenWorld(Busy with { Seed = seed });
            await world.PlayAsync(() => Assert.All(world.State.Services.SelectMany(s => s.Targets), t => Assert.False(t.Coming?.IsBad == true)));
            Assert.All(world.State.Services.SelectMany(s => s.Targets), t => Assert.False(Assert.Single(t.Serving).IsBad));
        }
    }

    [Fact]
    public async Task Images_are_built_from_green_commits_only_and_rollouts_from_images()
    {
        var world = new DrivenWorld(Busy with { Seed = 12 });
        await world.PlayAsync();

        Assert.All(world.State.Services, s => Assert.All(s.Versions.Skip(1), v => Assert.Equal(JenkinsBuild.Success, v.Commit.Verdict?.Result)));
        Assert.Contains(world.State.Services, s => s.Versions.Count - 1 < s.Built.Count(c => c.Verdict?.Result == JenkinsBuild.Success));
    }

    [Fact]
    public async Task While_main_is_broken_every_build_is_red_until_the_repair_or_the_revert_is_in()
    {
        int red = 0;
        for (int seed = 30; seed < 40; seed++)
        {
            var world = new DrivenWorld(Busy with { Seed = seed });
            await world.PlayAsync();
            foreach (var service in world.State.Services)
            {
                foreach (var commit in service.Built.Where(c => c.Verdict is not null))
                {
                    var broken = service.Changes.Where(c => c.Plan.BreaksMain && Has(commit, c)).ToList();
                    if (!broken.Exists(c => c.Repair is not { } repair || !Has(commit, repair))) continue;
                    red++;
                    Assert.Equal(JenkinsBuild.Failure, commit.Verdict!.Result);
                }
                Assert.Equal(JenkinsBuild.Success, service.Line.Head.Parent is null ? JenkinsBuild.Success : service.Line.Head.Verdict!.Result);
            }
        }
        Assert.True(red > 10);
    }

    [Fact]
    public async Task A_reverted_change_is_gone_and_a_revert_of_the_revert_brings_it_back_to_be_built_again()
    {
        int gone = 0, back = 0;
        for (int seed = 40; seed < 50; seed++)
        {
            var world = new DrivenWorld(Busy with { Seed = seed, GenerateFor = TimeSpan.FromSeconds(30) });
            await world.PlayAsync();
            foreach (var revert in world.State.Services.SelectMany(s => s.Changes).Where(c => c.Plan.Reverts is not null))
            {
                var undone = revert.Plan.Reverts!;
                var at = world.Truth.Changes.First(c => c.ItemId == revert.ItemId && c is { Gate: Gates.Merged, Status: GateStatus.Passed }).At;
                Assert.Equal(GateStatus.Failed, world.Truth.StatusAt(undone.ItemId, Gates.Merged, at));
                if (undone.Plan.Reverts is not { } original)
                {
                    gone++;
                    continue;
                }
                back++;
                Assert.Equal(GateStatus.Passed, world.Truth.StatusAt(original.ItemId, Gates.Merged, at));
                Assert.NotEqual(GateStatus.Passed, world.Truth.StatusAt(original.ItemId, Gates.MainCi, at));
            }
        }
        Assert.True(gone > 10 && back > 3, $"{gone} reverts, {back} of them reverted");
    }

    [Fact]
    public async Task What_was_pushed_over_is_not_merged_until_it_is_pushed_back()
    {
        int pushes = 0;
        for (int seed = 60; seed < 70; seed++)
        {
            var world = new DrivenWorld(Busy with { Seed = seed, ForcePushEvery = TimeSpan.FromSeconds(10), RevertEvery = TimeSpan.Zero, RollbackEvery = TimeSpan.Zero });
            await world.PlayAsync();
            pushes += world.World.Count().ForcePushes;
            foreach (var over in world.State.Services.SelectMany(s => s.Line.Commits).Where(c => c.Parent is not null && c.Change is null))
            {
                var service = world.State.Services.Single(s => s.Line.Commits.Contains(over));
                foreach (var change in service.Changes.Where(c => c.Landing!.At < over.At))
                    Assert.Equal(Has(over, change) ? GateStatus.Passed : GateStatus.Failed, world.Truth.StatusAt(change.ItemId, Gates.Merged, over.At));
            }
            Assert.All(world.State.Services.SelectMany(s => s.Changes), c => Assert.Contains(c.Landing, Line(world.State.Services.Single(s => s.Changes.Contains(c)).Line.Head)));
        }
        Assert.True(pushes > 5);
    }

    [Fact]
    public async Task Who_landed_on_red_and_who_released_it_is_what_the_builds_say()
    {
        int red = 0, released = 0;
        for (int seed = 70; seed < 80; seed++)
        {
            var world = new DrivenWorld(Busy with { Seed = seed });
            await world.PlayAsync();
            foreach (var service in world.State.Services)
            {
                foreach (var change in service.Changes)
                {
                    var landing = world.Truth.LandingOf(change.ItemId)!;
                    if (landing.OnRed == true) red++;
                    var green = service.Built.Where(c => c.Verdict?.Result == JenkinsBuild.Success && Has(c, change)).MinBy(c => c.Verdict!.EndedAt);
                    var by = green?.Change is { } other && green != change.Landing ? Key.PullRequest(service.Line.Repository, other.Pull.Number) : (Key?)null;
                    Assert.Equal(by, landing.ReleasedBy);
                    if (by is not null) released++;
                }
            }
        }
        Assert.True(red > 10 && released > 100, $"{red} landed on red, {released} were released by another");
    }

    private static IEnumerable<WorldCommit> Line(WorldCommit head)
    {
        for (var at = head; at is not null; at = at.Parent) yield return at;
    }

    private static void Each(DrivenWorld world, Action<WorldService, WorldChange> look)
    {
        foreach (var service in world.State.Services)
            foreach (var change in service.Changes)
                look(service, change);
    }

    private static void Is(DrivenWorld world, WorldChange change, string gate, bool passed) =>
        Assert.True(passed == (Now(world, change, gate) == GateStatus.Passed), $"{change.ItemId} {gate} is {Now(world, change, gate)} at {world.State.Schedule.Now}");

    private static GateStatus Now(DrivenWorld world, WorldChange change, string gate) => world.Truth.StatusAt(change.ItemId, gate, DateTimeOffset.MaxValue);

    // Walks back from a commit: the first that says something of the change decides.
    private static bool Has(WorldCommit commit, WorldChange change)
    {
        for (var at = commit; at is not null; at = at.Parent)
        {
            bool lands = true;
            for (var next = at.Change; next is not null; next = next.Plan.Reverts, lands = !lands)
                if (next == change)
                    return lands && at == change.Landing;
        }
        return false;
    }
}
