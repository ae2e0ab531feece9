using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>
/// Normal work in which every fifth webhook is lost and a source is out of reach for minutes now and then: nobody may be called. A week; <c>CLOSEDLOOP_QUIET_DAYS=365</c> is
/// a year.
/// </summary>
public sealed class QuietYearTests
{
    private const int ItemsPerDay = 20;

    [Fact]
    public async Task Normal_work_with_lost_webhooks_calls_nobody()
    {
        int days = int.Parse(Environment.GetEnvironmentVariable("CLOSEDLOOP_QUIET_DAYS") ?? "7", CultureInfo.InvariantCulture);
        var random = new Random(20261122);
        int lost = 0;
        using var world = new AlertWorld(TimeSpan.FromMinutes(3), isLost: _ => random.Next(5) == 0 && ++lost > 0, registryInterval: TimeSpan.FromMinutes(3));
        for (int day = 0; day < days; day++)
        {
            var midnight = Given.Start.AddDays(day);
            // Each in a repository of its own: without a line's history no rollout stands for another.
            for (int item = (day * ItemsPerDay) + 1; item <= (day + 1) * ItemsPerDay; item++) Deliver(world, new DeliveryFacts($"acme/s{item}"), item, midnight.AddMinutes(random.Next(60 * 12)), random);
            // Shorter than what a source may be away for.
            var away = midnight.AddMinutes(random.Next(60 * 24));
            world.At(away, static w => w.Registry.IsAway = true);
            world.At(away.AddMinutes(3), static w => w.Registry.IsAway = false);
        }
        await world.PlayAsync(Given.Start.AddDays(days + 1));
        Assert.Empty(world.Notices.Select(static n => $"{n.At:u} {n.Kind} {n.Summary}"));
        Assert.True(lost > days * ItemsPerDay, $"{lost} webhooks were lost");
        var board = await world.Watched.System.Store.CountAsync(world.Watched.Now, default);
        Assert.Equal(days * ItemsPerDay, board.Where(static r => r.IsDone).Sum(static r => r.Items));
    }

    private static void Deliver(AlertWorld world, DeliveryFacts repository, int item, DateTimeOffset at, Random random)
    {
        world.At(at, repository.Opened(item, at), repository.PrOpened(item, at));
        Step(60, () => [repository.Reviewed(item, at)]);
        Step(30, () => repository.Merged(item, at));
        Step(15, () => [repository.Built(item, GateStatus.Passed, at, [item])]);
        Step(8, () => [repository.Image(item, at)]);
        Step(4, () => [repository.Runs(item, GateStatus.Passed, at)]);
        Step(1, () => [repository.Healthy(item, GateStatus.Passed, at)]);

        void Step(int mostMinutes, Func<Fact[]> happens)
        {
            at = at.AddSeconds(random.Next(20, mostMinutes * 60));
            world.At(at, happens());
        }
    }
}
