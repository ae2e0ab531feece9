using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>G2 and G3 with other systems than the cluster rolling out and looking at the services: one world, seen through the real adapters of each.</summary>
public sealed class DeliveryViewsTests
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
    [InlineData(SandboxDelivery.ArgoCD, 1)]
    [InlineData(SandboxDelivery.ArgoCD, 2)]
    [InlineData(SandboxDelivery.ArgoCD, 3)]
    [InlineData(SandboxDelivery.Flux, 1)]
    [InlineData(SandboxDelivery.Flux, 2)]
    [InlineData(SandboxDelivery.ArgoRollouts, 1)]
    [InlineData(SandboxDelivery.ArgoRollouts, 2)]
    public async Task What_a_GitOps_controller_rolls_out_is_recorded_as_it_is(SandboxDelivery delivery, int seed)
    {
        using var system = new DrivenSystem(Eventful with { Delivery = delivery, Seed = seed });

        await PlayAsync(system);
    }

    [Theory]
    [InlineData(SandboxDelivery.ArgoCD)]
    [InlineData(SandboxDelivery.Flux)]
    [InlineData(SandboxDelivery.ArgoRollouts)]
    public async Task Without_any_webhook_it_is_the_same_within_a_few_polls(SandboxDelivery delivery)
    {
        using var system = new DrivenSystem(Eventful with { Delivery = delivery, Seed = 4, DropRate = 1 });

        var report = await PlayAsync(system);

        Assert.True(report.StalenessP99Ms < 5_000, $"{report.StalenessP99Ms} ms");
    }

    // Of events nothing can be read again: none is dropped here.
    [Theory]
    [InlineData(nameof(DrivenHealth.Http), 1)]
    [InlineData(nameof(DrivenHealth.Http), 2)]
    [InlineData(nameof(DrivenHealth.Prometheus), 1)]
    [InlineData(nameof(DrivenHealth.Prometheus), 3)]
    public async Task What_CDEvents_tell_of_rollouts_and_checks_of_health_is_recorded_as_it_is(string health, int seed)
    {
        using var system = new DrivenSystem(Eventful with { Delivery = SandboxDelivery.CDEvents, Seed = seed, DropRate = 0 }, health: Enum.Parse<DrivenHealth>(health));

        await PlayAsync(system);
    }

    [Theory]
    [InlineData(SandboxDelivery.Kubernetes, nameof(DrivenHealth.Http))]
    [InlineData(SandboxDelivery.Kubernetes, nameof(DrivenHealth.Prometheus))]
    [InlineData(SandboxDelivery.ArgoCD, nameof(DrivenHealth.Http))]
    [InlineData(SandboxDelivery.ArgoCD, nameof(DrivenHealth.Prometheus))]
    public async Task Health_by_what_rolls_out_and_by_checks_of_the_services_holds_together(SandboxDelivery delivery, string health)
    {
        using var system = new DrivenSystem(Eventful with { Delivery = delivery, Seed = 5 }, health: Enum.Parse<DrivenHealth>(health));

        await PlayAsync(system);
    }

    [Theory]
    [InlineData(SandboxSourceHost.GitLab, SandboxDelivery.ArgoCD)]
    [InlineData(SandboxSourceHost.Gitea, SandboxDelivery.Flux)]
    public async Task Whatever_the_source_host_is_it_is_the_same(SandboxSourceHost host, SandboxDelivery delivery)
    {
        using var system = new DrivenSystem(Eventful with { SourceHost = host, Delivery = delivery, Seed = 3 });

        await PlayAsync(system);
    }

    private static async Task<TruthReport> PlayAsync(DrivenSystem system)
    {
        await system.PlayAsync(Settling);
        var report = await system.CompareAsync();
        var world = system.World.World.Count();
        Assert.True(world is { Rollbacks: > 0, Reverts: > 0, Coalesced: > 0, Cancelled: > 0 }, world.ToString());
        Assert.Empty(report.Overclaims);
        Assert.Empty(report.Differences);
        Assert.Equal((0, 0, true), (report.OverclaimMs, report.Lost, report.EqualToTruth));
        Assert.Contains(system.World.Truth.Changes, static c => c is { Gate: Gates.Healthy, Status: Facts.GateStatus.Passed });
        return report;
    }
}
