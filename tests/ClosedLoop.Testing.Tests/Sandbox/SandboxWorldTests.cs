using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Tests.Sandbox;

public sealed class SandboxWorldTests
{
    [Fact]
    public void The_plan_follows_from_the_seed()
    {
        var options = new SandboxOptions { GenerateFor = TimeSpan.FromSeconds(60) };

        Assert.Equal(WorldPlan.Create(options), WorldPlan.Create(options));
        Assert.NotEqual(WorldPlan.Create(options), WorldPlan.Create(options with { Seed = 2 }));
    }

    [Fact]
    public void The_plan_does_not_depend_on_how_webhooks_travel_nor_on_the_speed()
    {
        var options = new SandboxOptions();

        Assert.Equal(WorldPlan.Create(options), WorldPlan.Create(options with { DropRate = 1, DuplicateRate = 1, ReorderRate = 1, Speed = 50 }));
    }

    [Fact]
    public void Every_kind_of_change_comes_up()
    {
        var plans = WorldPlan.Create(new SandboxOptions { GenerateFor = TimeSpan.FromMinutes(3), OpenItem = (_, _) => Task.CompletedTask });

        Assert.All(Enum.GetValues<ChangeLink>(), link => Assert.Contains(plans, p => p.Link == link));
        Assert.All(Enum.GetValues<ChangeEnd>(), end => Assert.Contains(plans, p => p.End == end));
        Assert.Contains(plans, p => p.DraftFor is not null);
        Assert.Contains(plans, p => p.ReviewedAfter is null && p.End != ChangeEnd.Close);
        Assert.Contains(plans, p => p.ReworkedFor is not null);
        Assert.Equal(plans.Count, plans.Select(p => p.Branch).Distinct().Count());
        Assert.InRange(plans.Count, 470, 610);
    }

    [Fact]
    public async Task The_same_seed_tells_the_same_story_twice_whatever_the_clock_does()
    {
        var driven = new DrivenWorld(SandboxRun.Fast);
        await driven.PlayAsync();
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { Speed = 100 }, answer: null);
        var other = new DrivenWorld(SandboxRun.Fast with { Seed = 8 });
        await other.PlayAsync();

        Assert.Equal(Story(driven.Truth), Story(run.Sandbox.Truth));
        Assert.Equal(driven.World.Count(), run.Sandbox.Statistics);
        Assert.NotEqual(Story(driven.Truth), Story(other.Truth));

        static string[] Story(SandboxTruth truth) => [.. truth.Changes.Select(c => $"{c.ItemId} {c.Gate} {c.Status}")];
    }

    [Theory]
    [InlineData(SandboxSourceHost.GitLab)]
    [InlineData(SandboxSourceHost.Gitea)]
    public async Task The_world_is_the_same_whatever_speaks_for_it(SandboxSourceHost host)
    {
        var gitHub = new DrivenWorld(SandboxRun.Fast);
        await gitHub.PlayAsync();
        var other = new DrivenWorld(SandboxRun.Fast with { SourceHost = host });
        await other.PlayAsync();

        Assert.Equal(gitHub.Truth.Changes, other.Truth.Changes);
        Assert.Equal(gitHub.World.Count(), other.World.Count());
    }

    [Fact]
    public async Task A_minute_has_all_that_makes_coverage_matter()
    {
        var world = new DrivenWorld(new SandboxOptions { GenerateFor = TimeSpan.FromMinutes(1) });
        await world.PlayAsync();

        var count = world.World.Count();
        int commits = world.State.Services.Sum(s => s.Line.Commits.Count);
        Assert.True(count.Coalesced > commits / 3, $"{count.Coalesced} of {commits} commits have no build of their own");
        Assert.True(count.Cancelled > 0);
        Assert.InRange(count.Rollbacks, 1, 2);
        Assert.True(count.Reverts > 1);
        Assert.True(count.Regressed > count.Reverts);
        Assert.True(world.State.Services.Sum(s => s.Built.Count(c => c.Verdict?.Result == JenkinsBuild.Failure)) > 1);
    }

    [Fact]
    public async Task Every_change_comes_to_its_end()
    {
        var world = new DrivenWorld(new SandboxOptions { Seed = 2 });
        await world.PlayAsync();

        Assert.True(world.Truth.Items.Count > world.World.PlannedChanges, "nothing was repaired or reverted");
        string[] after = [Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy];
        foreach (var (id, gates) in world.Truth.Latest())
        {
            Assert.Equal(GateStatus.Passed, gates[Gates.PrOpened]);
            if (gates[Gates.Merged] == GateStatus.Passed) Assert.All(after, gate => Assert.True(gates.GetValueOrDefault(gate) == GateStatus.Passed, $"{id} {gate}"));
            else if (world.State.Services.All(s => s.Changes.All(c => c.ItemId != id))) Assert.All(after, gate => Assert.DoesNotContain(gate, gates.Keys));
        }
        var changes = world.Truth.Changes;
        foreach (string gate in (string[])[Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut]) Assert.Contains(changes, c => c.Gate == gate && c.Status == GateStatus.Failed);
    }

    [Fact]
    public async Task The_truth_never_turns_back_in_time()
    {
        var world = new DrivenWorld(SandboxRun.Fast);
        await world.PlayAsync();

        var changes = world.Truth.Changes;
        Assert.Equal(changes.OrderBy(c => c.At), changes);
    }

    [Fact]
    public async Task An_item_that_is_linked_by_its_branch_is_opened_before_its_change()
    {
        DeliverySandbox? sandbox = null;
        var opened = new List<(SandboxItem Item, bool Early)>();
        sandbox = await DeliverySandbox.StartAsync(
            SandboxRun.Fast with { OpenItem = (item, _) => { opened.Add((item, !sandbox!.Truth.Items.Contains(item.Id))); return Task.CompletedTask; } }, TimeProvider.System);
        await using (sandbox)
        {
            sandbox.Begin(null);
            await sandbox.Completion.WaitAsync(SandboxRun.Patience);

            Assert.NotEmpty(opened);
            Assert.All(opened, o => Assert.True(o.Early, o.Item.Id));
            Assert.All(opened, o => Assert.Contains(o.Item.Id, sandbox.Truth.Items));
        }
    }

    [Fact]
    public async Task A_host_that_cannot_open_an_item_fails_the_run()
    {
        await using var sandbox = await DeliverySandbox.StartAsync(
            SandboxRun.Fast with { OpenItem = (_, _) => throw new InvalidOperationException("no store") }, TimeProvider.System);
        sandbox.Begin(null);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => sandbox.Completion.WaitAsync(SandboxRun.Patience));
        Assert.Equal("no store", failure.Message);
    }

    [Fact]
    public async Task Disposing_ends_a_world_that_is_under_way()
    {
        var sandbox = await DeliverySandbox.StartAsync(new SandboxOptions { GenerateFor = TimeSpan.FromHours(1) }, TimeProvider.System);
        sandbox.Begin(null);

        await sandbox.DisposeAsync().AsTask().WaitAsync(SandboxRun.Patience);

        Assert.True(sandbox.Completion.IsCanceled);
    }

    [Fact]
    public async Task A_world_begins_once()
    {
        await using var sandbox = await DeliverySandbox.StartAsync(SandboxRun.Fast, TimeProvider.System);
        sandbox.Begin(null);

        Assert.Throws<InvalidOperationException>(() => sandbox.Begin(null));
    }

    [Theory]
    [InlineData("DropRate")]
    [InlineData("Speed")]
    [InlineData("ItemsPerSecond")]
    [InlineData("GenerateFor")]
    [InlineData("Repositories")]
    [InlineData("SourceHost")]
    [InlineData("MaxDelay")]
    [InlineData("BreakRate")]
    [InlineData("RollbackEvery")]
    [InlineData("RevertEvery")]
    [InlineData("ForcePushEvery")]
    public async Task An_option_out_of_range_is_named(string option)
    {
        var options = option switch
        {
            "DropRate" => new SandboxOptions { DropRate = 1.1 },
            "Speed" => new SandboxOptions { Speed = double.NaN },
            "ItemsPerSecond" => new SandboxOptions { ItemsPerSecond = 0 },
            "SourceHost" => new SandboxOptions { SourceHost = (SandboxSourceHost)7 },
            "GenerateFor" => new SandboxOptions { GenerateFor = TimeSpan.FromDays(365) },
            "BreakRate" => new SandboxOptions { BreakRate = -0.1 },
            "RollbackEvery" => new SandboxOptions { RollbackEvery = TimeSpan.FromSeconds(-1) },
            "RevertEvery" => new SandboxOptions { RevertEvery = TimeSpan.FromSeconds(-1) },
            "ForcePushEvery" => new SandboxOptions { ForcePushEvery = TimeSpan.FromSeconds(-1) },
            "Repositories" => new SandboxOptions { Repositories = ["acme/web", "other/web"] },
            _ => new SandboxOptions { MaxDelay = TimeSpan.FromSeconds(-1) },
        };

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => DeliverySandbox.StartAsync(options, TimeProvider.System));
        Assert.Contains($"SandboxOptions:{option} ", failure.Message, StringComparison.Ordinal);
    }
}
