using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>G2 and G3 on the whole system with its real adapters, in worlds where coverage matters; no real time passes.</summary>
public sealed class DrivenSystemTests
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private static readonly SandboxOptions Eventful = new()
    {
        GenerateFor = TimeSpan.FromSeconds(14),
        ItemsPerSecond = 2,
        RollbackEvery = TimeSpan.FromSeconds(20),
        RevertEvery = TimeSpan.FromSeconds(6),
        ForcePushEvery = TimeSpan.FromSeconds(20),
        BreakRate = 0.08,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_record_claims_nothing_that_was_not_so_and_ends_as_the_world_does(int seed)
    {
        using var system = new DrivenSystem(Eventful with { Seed = seed });

        var report = await PlayAsync(system);

        Assert.True(report.StalenessP99Ms < 2_000, $"{report.StalenessP99Ms} ms");
    }

    [Fact]
    public async Task Without_any_webhook_it_is_the_same_within_a_few_polls()
    {
        using var system = new DrivenSystem(Eventful with { Seed = 4, DropRate = 1 });

        var report = await PlayAsync(system);

        Assert.True(report.StalenessP99Ms < 4_000, $"{report.StalenessP99Ms} ms");
    }

    [Theory]
    [InlineData(SandboxSourceHost.GitLab, 1)]
    [InlineData(SandboxSourceHost.GitLab, 2)]
    [InlineData(SandboxSourceHost.GitLab, 3)]
    [InlineData(SandboxSourceHost.Gitea, 1)]
    [InlineData(SandboxSourceHost.Gitea, 2)]
    [InlineData(SandboxSourceHost.Gitea, 3)]
    public async Task Whatever_the_source_host_is_it_is_the_same(SandboxSourceHost host, int seed)
    {
        using var system = new DrivenSystem(Eventful with { Seed = seed, SourceHost = host });

        var report = await PlayAsync(system);

        Assert.True(report.StalenessP99Ms < 2_000, $"{report.StalenessP99Ms} ms");
    }

    [Theory]
    [InlineData(SandboxSourceHost.GitLab)]
    [InlineData(SandboxSourceHost.Gitea)]
    public async Task Without_any_webhook_it_is_the_same_with_every_source_host(SandboxSourceHost host)
    {
        using var system = new DrivenSystem(Eventful with { Seed = 4, DropRate = 1, SourceHost = host });

        var report = await PlayAsync(system);

        Assert.True(report.StalenessP99Ms < 4_000, $"{report.StalenessP99Ms} ms");
    }

    [Fact]
    public async Task When_no_source_can_be_read_for_a_while_it_is_the_same_later()
    {
        using var system = new DrivenSystem(Eventful with { Seed = 5 }) { IsOffline = at => at > TimeSpan.FromSeconds(6) && at < TimeSpan.FromSeconds(10) };

        await PlayAsync(system);
    }

    [Theory]
    [InlineData(SandboxSourceHost.GitHub)]
    [InlineData(SandboxSourceHost.GitLab)]
    [InlineData(SandboxSourceHost.Gitea)]
    public async Task One_seed_gives_one_record(SandboxSourceHost host)
    {
        using var first = new DrivenSystem(Eventful with { Seed = 6, GenerateFor = TimeSpan.FromSeconds(6), SourceHost = host });
        using var second = new DrivenSystem(Eventful with { Seed = 6, GenerateFor = TimeSpan.FromSeconds(6), SourceHost = host });
        await first.PlayAsync(Settling);
        await second.PlayAsync(Settling);

        Assert.Equal((await first.TransitionsAsync()).Select(StoredJson.Write), (await second.TransitionsAsync()).Select(StoredJson.Write));
    }

    [Fact]
    public async Task A_notification_of_the_registry_is_followed_within_a_second_however_rare_its_polls_are()
    {
        using var system = new DrivenSystem(Eventful with { Seed = 7, GenerateFor = TimeSpan.FromSeconds(8), DropRate = 0, ReorderRate = 0 }) { RegistryPollInterval = TimeSpan.FromMinutes(10) };

        await ExpectWithinASecondAsync(system, Gates.ImageBuilt);
    }

    [Fact]
    public async Task A_change_that_a_watch_of_the_cluster_tells_is_followed_within_a_second_however_rare_its_polls_are()
    {
        using var system = new DrivenSystem(Eventful with { Seed = 8, GenerateFor = TimeSpan.FromSeconds(8), DropRate = 0, ReorderRate = 0 }) { ClusterPollInterval = TimeSpan.FromMinutes(10), WatchesCluster = true };

        await ExpectWithinASecondAsync(system, Gates.RolledOut);
    }

    private static async Task ExpectWithinASecondAsync(DrivenSystem system, string gate)
    {
        await system.PlayAsync(Settling);
        var changes = new SandboxTruth();
        foreach (var change in system.World.Truth.Changes.Where(c => c.Gate == gate)) changes.Record(change.ItemId, change.Gate, change.Status, change.At);
        var report = TruthComparison.Compare(changes, await system.TransitionsAsync(), [], system.World.Time.GetUtcNow());

        Assert.True(report is { Items: > 10, Lost: 0, StalenessMaxMs: < 1_000 }, $"{report.Items} items, {report.Lost} lost, {report.StalenessMaxMs} ms");
    }

    private static async Task<TruthReport> PlayAsync(DrivenSystem system)
    {
        await system.PlayAsync(Settling);
        var report = await system.CompareAsync();
        var world = system.World.World.Count();
        Assert.True(world is { Rollbacks: > 0, Reverts: > 0, Coalesced: > 0, Cancelled: > 0 }, world.ToString());
        Assert.True(report.Overclaims.Count == 0, string.Join('\n', report.Overclaims));
        Assert.True(report.Differences.Count == 0, string.Join('\n', report.Differences));
        Assert.Equal((0, 0, true), (report.OverclaimMs, report.Lost, report.EqualToTruth));
        return report;
    }
}
