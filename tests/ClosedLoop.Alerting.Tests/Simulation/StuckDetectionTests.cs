using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>
/// A thousand random items, each of which gets stuck at some gate, or does not, some because a webhook was lost: what was told is compared with what a
/// reckoning of its own says was overdue.
/// </summary>
public sealed class StuckDetectionTests
{
    /// <summary>The evaluation has a second; what only a poll tells has the poll's interval.</summary>
    private static readonly TimeSpan Detection = TimeSpan.FromSeconds(1);

    private static readonly (string Gate, TimeSpan Limit)[] Steps =
    [
        (Gates.Reviewed, DefaultLimits.Review), (Gates.Merged, TimeSpan.MaxValue), (Gates.MainCi, DefaultLimits.MainCi), (Gates.ImageBuilt, DefaultLimits.Image), (Gates.RolledOut, DefaultLimits.Rollout), (Gates.Healthy, DefaultLimits.Health),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_overdue_is_told_and_nothing_else_is(int seed)
    {
        var random = new Random(seed);
        using var world = new AlertWorld(TimeSpan.FromMinutes(30));
        var truth = new Dictionary<string, List<(DateTimeOffset From, DateTimeOffset To)>>(StringComparer.Ordinal);
        var end = Given.Start;
        for (int item = 1; item <= 250; item++)
        {
            // A repository of its own for each, so that every cause is one item's.
            var facts = new DeliveryFacts($"acme/s{item}");
            var at = Given.Start.AddMinutes(random.Next(0, 60 * 48));
            world.At(at, facts.Opened(item, at), facts.PrOpened(item, at));
            foreach (var (gate, limit) in Steps)
            {
                var took = TimeSpan.FromSeconds(random.Next(20, (int)Math.Min(limit.TotalSeconds * 0.9, 900)));
                if (limit != TimeSpan.MaxValue && random.Next(4) == 0) took = limit + TimeSpan.FromMinutes(random.Next(3, 400));
                var passed = at + took;
                if (took > limit) Add(truth, CauseOf(gate, facts), at + limit, passed);
                world.At(passed, Evidence(gate, facts, item, passed));
                at = passed;
            }
            if (at > end) end = at;
        }
        await world.PlayAsync(end.AddHours(2));

        var told = world.Notices.GroupBy(static n => n.Cause).ToDictionary(static c => c.Key, static c => c.OrderBy(static n => n.Number).ToList(), StringComparer.Ordinal);
        Assert.DoesNotContain(told.Keys.Except(truth.Keys), static cause => !cause.StartsWith(CauseKinds.RisingWip, StringComparison.Ordinal));
        Assert.Empty(truth.Keys.Except(told.Keys));
        foreach (var (cause, spans) in truth)
        {
            var (from, to) = Assert.Single(spans);
            var fired = Assert.Single(told[cause], static n => n.Kind == IncidentNoticeKind.Fired);
            Assert.InRange(fired.At, from, from + Detection);
            var resolved = Assert.Single(told[cause], static n => n.Kind == IncidentNoticeKind.Resolved);
            // Two looks, half a minute apart.
            Assert.InRange(resolved.At, to, to + TimeSpan.FromSeconds(91));
        }
        Assert.True(truth.Count > 200, $"{truth.Count} causes");
    }

    private static Fact[] Evidence(string gate, DeliveryFacts facts, int item, DateTimeOffset at) => gate switch
    {
        Gates.Reviewed => [facts.Reviewed(item, at)],
        Gates.Merged => facts.Merged(item, at),
        Gates.MainCi => [facts.Built(item, GateStatus.Passed, at, [item])],
        Gates.ImageBuilt => [facts.Image(item, at)],
        Gates.RolledOut => [facts.Runs(item, GateStatus.Passed, at)],
        _ => [facts.Healthy(item, GateStatus.Passed, at)],
    };

    private static string CauseOf(string gate, DeliveryFacts facts) => gate switch
    {
        Gates.Reviewed => $"gate:{gate}/{facts.Repository}",
        Gates.RolledOut or Gates.Healthy => $"environment:?/{facts.Repository}/{gate}",
        _ => $"line:{facts.Repository}@main/{gate}",
    };

    private static void Add(Dictionary<string, List<(DateTimeOffset From, DateTimeOffset To)>> truth, string cause, DateTimeOffset from, DateTimeOffset to)
    {
        if (!truth.TryGetValue(cause, out var spans)) truth[cause] = spans = [];
        spans.Add((from, to));
    }
}
