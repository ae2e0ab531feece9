using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;
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
        Assert.Equal(plans.Count, plans.Select(p => p.ItemId).Distinct().Count());
        Assert.InRange(plans.Count, 300, 420);
    }

    [Fact]
    public async Task The_same_seed_tells_the_same_story_twice()
    {
        await using var first = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        await using var second = await SandboxRun.FinishAsync(SandboxRun.Fast with { Speed = 100 }, answer: null);

        Assert.Equal(Story(first), Story(second));

        static string[] Story(SandboxRun run) => [.. run.Sandbox.Truth.Changes.Select(c => $"{c.ItemId} {c.Gate} {c.Status}")];
    }

    [Fact]
    public async Task Every_change_comes_to_its_end()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { GenerateFor = TimeSpan.FromSeconds(10) }, answer: null);

        var truth = run.Sandbox.Truth;
        Assert.Equal(run.Sandbox.PlannedChanges, truth.Items.Count);
        Assert.All(truth.Latest(), item =>
        {
            Assert.Equal(GateStatus.Passed, item.Value[Gates.PrOpened]);
            if (item.Value[Gates.Merged] == GateStatus.Failed)
            {
                Assert.DoesNotContain(Gates.MainCi, item.Value.Keys);
                return;
            }
            foreach (string gate in (string[])[Gates.Merged, Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy]) Assert.Equal(GateStatus.Passed, item.Value[gate]);
        });
        var changes = truth.Changes;
        Assert.Contains(changes, c => c is { Gate: Gates.Merged, Status: GateStatus.Failed });
        Assert.Contains(changes, c => c is { Gate: Gates.MainCi, Status: GateStatus.Failed });
        Assert.Contains(changes, c => c is { Gate: Gates.MainCi, Status: GateStatus.Waiting });
        Assert.Contains(changes, c => c is { Gate: Gates.RolledOut, Status: GateStatus.Failed });
        Assert.Contains(changes, c => c is { Gate: Gates.Reviewed, Status: GateStatus.Failed });
    }

    [Fact]
    public async Task The_truth_never_turns_back_in_time_and_no_gate_passes_before_the_merge_that_it_needs()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);

        var changes = run.Sandbox.Truth.Changes;
        Assert.Equal(changes.OrderBy(c => c.At), changes);
        string[] order = [Gates.Merged, Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy];
        foreach (var item in changes.Where(c => c.Status == GateStatus.Passed && order.Contains(c.Gate)).GroupBy(c => c.ItemId))
            Assert.Equal(order, item.Select(c => c.Gate));
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
    [InlineData("MaxDelay")]
    public async Task An_option_out_of_range_is_named(string option)
    {
        var options = option switch
        {
            "DropRate" => new SandboxOptions { DropRate = 1.1 },
            "Speed" => new SandboxOptions { Speed = double.NaN },
            "ItemsPerSecond" => new SandboxOptions { ItemsPerSecond = 0 },
            "GenerateFor" => new SandboxOptions { GenerateFor = TimeSpan.FromDays(365) },
            "Repositories" => new SandboxOptions { Repositories = ["acme/web", "other/web"] },
            _ => new SandboxOptions { MaxDelay = TimeSpan.FromSeconds(-1) },
        };

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => DeliverySandbox.StartAsync(options, TimeProvider.System));
        Assert.Contains($"SandboxOptions:{option} ", failure.Message, StringComparison.Ordinal);
    }
}
