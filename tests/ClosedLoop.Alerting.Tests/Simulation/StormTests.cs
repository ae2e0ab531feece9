using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>Main red for six hours with 400 items behind it, in a world of three repositories in which a registry is away and a deployment flaps.</summary>
public sealed class StormTests
{
    private static readonly DateTimeOffset Red = Given.At(60);
    private static readonly DateTimeOffset Green = Red.AddHours(6);
    private static readonly DateTimeOffset Away = Given.At(120);
    private static readonly DateTimeOffset Back = Given.At(180);

    [Fact]
    public async Task In_a_storm_each_cause_is_told_at_most_once_in_its_repeat_interval_and_resolved_once()
    {
        using var world = new AlertWorld(TimeSpan.FromHours(1));
        Play(world);
        await world.PlayAsync(Green.AddHours(3));
        var options = world.Watched.System.Get<IOptions<AlertingOptions>>().Value;
        NoticeRules.Check(world.Notices, options);

        // The red line: one incident for 400 items, detected in time, resolved once.
        var red = world.Notices.Where(static n => n.Repository == "acme/web" && n.Gate == Gates.MainCi).ToList();
        Assert.Single(red.Select(static n => n.IncidentId).Distinct());
        Assert.Equal(("main-ci is red on acme/web main", IncidentNoticeKind.Fired), (red[0].Title, red[0].Kind));
        Assert.InRange(red[0].At, Red.AddMinutes(15), Red.AddMinutes(15).AddSeconds(1));
        Assert.Equal(400, red.Max(static n => n.Count));
        Assert.Equal(IncidentSeverity.Critical, red[^1].Severity);
        Assert.Single(red, static n => n.Kind == IncidentNoticeKind.Resolved);
        Assert.InRange(red.Single(static n => n.Kind == IncidentNoticeKind.Resolved).At, Green, Green.AddMinutes(2));

        // Gates after it say nothing while it is red.
        Assert.DoesNotContain(world.Notices, n => n.Repository == "acme/web" && (n.Gate is Gates.ImageBuilt or Gates.RolledOut or Gates.Healthy) && n.At < Green);

        // The outage: the source, and not the gates that it feeds.
        var outage = world.Notices.Where(static n => n.CauseKind == CauseKinds.Source).ToList();
        Assert.All(outage, static n => Assert.Equal("registry", n.Source));
        Assert.Single(outage, static n => n.Kind == IncidentNoticeKind.Fired);
        Assert.Single(outage, static n => n.Kind == IncidentNoticeKind.Resolved);
        Assert.DoesNotContain(world.Notices, static n => n.Gate == Gates.ImageBuilt && n.At >= Away && n.At <= Back);

        // The deployment that flaps is one incident.
        var flapping = world.Notices.Where(static n => n.Environment == "production/api" && n.Gate == Gates.RolledOut).ToList();
        Assert.Single(flapping.Select(static n => n.IncidentId).Distinct());
        Assert.InRange(flapping.Count(static n => n.Kind == IncidentNoticeKind.Fired), 1, 3);

        Assert.Empty((await world.Watched.Incidents.ListAsync()).Select(static i => i.Cause));
        // Nobody was called for anything else.
        Assert.Empty(world.Notices.Where(n => !red.Contains(n) && !outage.Contains(n) && !flapping.Contains(n)).Select(static n => $"{n.At:u} {n.Kind} {n.Cause}"));
    }

    private static void Play(AlertWorld world)
    {
        var web = new DeliveryFacts("acme/web");
        for (int i = 1; i <= 400; i++)
        {
            // The first one breaks it; most land while it is red.
            var at = i == 1 ? Red.AddMinutes(-5) : Red.AddSeconds(i * 50);
            Land(world, web, i, at);
            if (i == 1) world.At(Red, web.Built(1, GateStatus.Failed, Red, [1]));
            else if (i % 20 == 0) world.At(at.AddMinutes(4), web.Built(i, GateStatus.Failed, at.AddMinutes(4), Enumerable.Range(1, i)));
        }
        world.At(Green, web.Built(1_000, GateStatus.Passed, Green, Enumerable.Range(1, 400)));
        world.At(Green.AddMinutes(2), web.Image(400, Green.AddMinutes(2), Enumerable.Range(1, 399)));
        world.At(Green.AddMinutes(4), web.Runs(400, GateStatus.Passed, Green.AddMinutes(4)));
        world.At(Green.AddMinutes(5), web.Healthy(400, GateStatus.Passed, Green.AddMinutes(5)));

        // A repository whose images cannot be seen while the registry is away; they are found when it is back.
        var worker = new DeliveryFacts("acme/worker");
        for (int i = 0; i < 40; i++) Deliver(world, worker, 1_001, 1_001 + i, Given.At(20 + (i * 10)));
        world.At(Away, static w => w.Registry.IsAway = true);
        world.At(Back, static w => w.Registry.IsAway = false);

        // A rollout that is bad and good in turn, long after its limit.
        var api = new DeliveryFacts("acme/api");
        for (int i = 0; i < 10; i++) Deliver(world, api, 2_001, 2_001 + i, Given.At(10 + i), upTo: Gates.ImageBuilt);
        for (int flip = 0; flip < 40; flip++)
        {
            var at = Given.At(19 + (flip * 5));
            world.At(at, api.Runs(2_010, flip % 2 == 0 ? GateStatus.Failed : GateStatus.Passed, at, Enumerable.Range(2_001, 10)));
        }
        var settled = Given.At(19 + 200);
        world.At(settled, api.Runs(2_010, GateStatus.Passed, settled, Enumerable.Range(2_001, 10)));
        world.At(settled.AddMinutes(1), api.Healthy(2_010, GateStatus.Passed, settled.AddMinutes(1), Enumerable.Range(2_001, 10)));
    }

    private static void Land(AlertWorld world, DeliveryFacts repository, int item, DateTimeOffset at)
    {
        var opened = at.AddMinutes(-10);
        world.At(opened, repository.Opened(item, opened), repository.PrOpened(item, opened));
        world.At(at.AddMinutes(-1), repository.Reviewed(item, at.AddMinutes(-1)));
        world.At(at, repository.Merged(item, at));
    }

    private static void Deliver(AlertWorld world, DeliveryFacts repository, int first, int item, DateTimeOffset at, string upTo = Gates.Healthy)
    {
        Land(world, repository, item, at);
        world.At(at.AddMinutes(5), repository.Built(item, GateStatus.Passed, at.AddMinutes(5), [item]));
        world.At(at.AddMinutes(8), repository.Image(item, at.AddMinutes(8)));
        if (upTo == Gates.ImageBuilt) return;
        world.At(at.AddMinutes(10), repository.Runs(item, GateStatus.Passed, at.AddMinutes(10), Enumerable.Range(first, item - first)));
        world.At(at.AddMinutes(11), repository.Healthy(item, GateStatus.Passed, at.AddMinutes(11), Enumerable.Range(first, item - first)));
    }
}
