using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Simulation;

/// <summary>G2, G3 and G4 on the whole engine: random worlds on manual time, with webhooks that are lost, doubled and late.</summary>
public sealed class SimulationTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_record_never_claims_what_was_not_so_and_follows_the_truth_within_a_poll_interval(int part)
    {
        for (int seed = part * 50; seed < (part + 1) * 50; seed++) await RunAsync(seed, lost: seed % 2 == 0 ? 100 : 40);
    }

    private static async Task RunAsync(int seed, int lost)
    {
        var random = new Random(seed);
        var source = new FakeSource();
        var adapter = source.Register();
        using var loop = new LoopFixture(l => l.AddAdapter(_ => adapter));
        var late = new List<(DateTimeOffset At, string Body)>();
        var ever = new List<Fact>();
        await loop.Engine.RunDueAsync(default);
        for (int step = 0; step < 30; step++)
        {
            if (step < 20 && random.Next(2) == 0)
            {
                var facts = Something(random, (loop.Now - Given.Start).TotalMinutes, step);
                source.Happens(loop.Now, facts);
                ever.AddRange(facts);
                for (int copy = 0; copy < 2; copy++)
                    if (random.Next(100) >= lost)
                        late.Add((loop.Now + (Step * random.Next(6)), (source.Announced.Count - 1).ToString(CultureInfo.InvariantCulture)));
            }
            foreach (var (_, body) in late.Where(l => l.At <= loop.Now).ToList())
                Assert.Contains((await loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery(body, loop.Now))).Outcome, new[] { WebhookOutcome.Accepted, WebhookOutcome.Duplicate });
            late.RemoveAll(l => l.At <= loop.Now);
            await loop.Engine.RunDueAsync(default);
            await NothingIsOverclaimedAsync(loop, ever, seed);
            await EveryOpenItemHasADueRowAsync(loop, adapter.Name);
            loop.Time.Advance(Step);
        }
        // Nothing happens any more and no webhook comes: one interval for the look or the sweep, and what it found may be asked about once more.
        await loop.RunAsync(adapter.PollInterval + adapter.HintDelay, Step);
        Assert.True(Expected(source.Truth) == await loop.StatesAsync(), $"world {seed} did not end as its truth:\n{Expected(source.Truth)}\n\n{await loop.StatesAsync()}");
    }

    private static Fact[] Something(Random random, double minute, int step)
    {
        int number = random.Next(1, 4);
        string sha = "s" + number;
        string digest = "i" + number;
        var verdict = random.Next(3) == 0 ? GateStatus.Failed : GateStatus.Passed;
        return random.Next(8) switch
        {
            0 => [Given.PrOpen(number, minute, Given.Item(number))],
            1 => [Given.PrClosed(number, minute, Given.Item(number))],
            2 => [Given.Review(number, "ann", verdict, minute)],
            3 => [Given.Merged(number, minute, Given.Item(number)), Given.Landed(sha, number, minute)],
            4 => [Given.Built(step, verdict, minute, sha)],
            5 => [Given.ImageBuilt(digest, minute, Given.Commit(sha))],
            6 => [Given.Runs("production", digest, minute, verdict)],
            _ => [Given.HealthOf("production", digest, verdict, minute)],
        };
    }

    // A claim is the status, writer and subject of a gate: some fact that really was, in that state, must stand behind it.
    private static async Task NothingIsOverclaimedAsync(LoopFixture loop, List<Fact> ever, int seed)
    {
        foreach (var gate in (await loop.ItemsAsync()).SelectMany(static r => r.State.Gates).Where(static g => g.Status == GateStatus.Passed))
            Assert.True(ever.Exists(f => f.Kind == gate.Gate && f.Status == GateStatus.Passed && f.Subject == gate.Subject && f.OccurredAt == gate.Since), $"world {seed}: {gate}");
    }

    private static async Task EveryOpenItemHasADueRowAsync(LoopFixture loop, string adapter)
    {
        foreach (var record in await loop.ItemsAsync()) Assert.Equal(record.State.IsClosed, record.NextProbeAt is null);
        Assert.Empty(await loop.QuarantineAsync());
        Assert.NotEmpty(adapter);
    }

    private static string Expected(IEnumerable<Fact> truth)
    {
        var graph = new FactGraph();
        foreach (var fact in truth) graph.Apply(fact);
        var keys = graph.Facts.SelectMany(static f => f.Links.Add(f.Subject)).Distinct().ToList();
        var items = keys.Where(static k => k.Is(KeySchemes.Item)).Concat(keys.Where(static k => k.Is(KeySchemes.PullRequest)).Select(static k => Key.Item(k.ToString()))).Distinct();
        return string.Join('\n', items.Select(i => ItemFold.Fold(PipelineDefinition.Default, i, graph)).OfType<ItemState>().OrderBy(static s => s.Id, StringComparer.Ordinal).Select(StoredJson.Write));
    }
}
