using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>Events of four producers, through the receiver into the record: they take a change through every gate, in any order.</summary>
public sealed class RecordTests
{
    private static readonly JsonObject[] Story =
    [
        Given.Change("created", 12, 1), Given.Change("reviewed", 12, 2, new JsonObject { ["decision"] = "approved", ["reviewer"] = "ann" }),
        Given.Change("merged", 12, 3, new JsonObject { ["commit"] = Given.Sha('a'), ["branch"] = "main" }),
        Given.Run("queued", "run-1", 4), Given.Run("started", "run-1", 5, custom: Given.Commit('a')), Given.Run("finished", "run-1", 8, "success"),
        Given.Packaged('c', 'a', 9), Given.Published('c', 10), Given.Service("deployed", 'c', 12), Given.Incident("detected", 'c', 20), Given.Incident("resolved", 'c', 25),
    ];

    [Fact]
    public async Task Producers_take_a_change_through_all_gates()
    {
        var state = await TellAsync(Story);
        Assert.Equal(
            [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy],
            state.State.Gates.Where(static g => g.Status == GateStatus.Passed).Select(static g => g.Gate));
    }

    [Fact]
    public async Task Any_order_and_repetition_of_events_in_any_mode_gives_one_record()
    {
        string expected = JsonSerializer.Serialize((await TellAsync(Story)).State.Gates);
        var random = new Random(5);
        for (int i = 0; i < 25; i++)
        {
            var told = Story.Concat(Story.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).Select(e => random.Next(3) switch
            {
                0 => (JsonNode)e.DeepClone(),
                1 => Given.Structured(e),
                _ => new JsonArray(Given.Structured(e), Given.Structured(Story[random.Next(Story.Length)])),
            });
            Assert.Equal(expected, JsonSerializer.Serialize((await TellAsync([.. told])).State.Gates));
        }
    }

    [Fact]
    public async Task A_rollback_takes_the_change_out_of_production_again()
    {
        var state = await TellAsync([.. Story, Given.Change("merged", 13, 30, new JsonObject { ["commit"] = Given.Sha('b'), ["branch"] = "main" }), Given.Packaged('d', 'b', 31), Given.Service("upgraded", 'd', 32), Given.Service("rolledback", 'c', 40)]);
        Assert.Equal(GateStatus.Passed, state.State.Gate(Gates.RolledOut)!.Status);
        var other = await TellAsync([.. Story, Given.Service("removed", null, 40)]);
        Assert.NotEqual(GateStatus.Failed, other.State.Gate(Gates.RolledOut)!.Status);
    }

    [Fact]
    public async Task A_chain_ties_runs_and_images_to_the_merged_commit()
    {
        const string Chain = "4c8cb7dd-3448-41de-8768-eec704e2829b";
        JsonObject[] story = [Given.Run("finished", "run-1", 8, "success"), Given.Published('c', 10), Given.Service("deployed", 'c', 12), Given.Change("created", 12, 1), Given.Change("merged", 12, 3, new JsonObject { ["commit"] = Given.Sha('a'), ["branch"] = "main" })];
        foreach (var e in story) e["context"]!["chainId"] = Chain;
        var without = await TellAsync(story);
        Assert.NotEqual(GateStatus.Passed, without.State.Gate(Gates.MainCi)!.Status);
        var with = await TellAsync(story, static o =>
        {
            foreach (var source in o.Sources) source.FollowChains = true;
        });
        Assert.All((string[])[Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut], gate => Assert.Equal(GateStatus.Passed, with.State.Gate(gate)!.Status));
    }

    private static async Task<LoopStatus> TellAsync(JsonNode[] story, Action<CDEventsOptions>? change = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new ClosedLoop.Testing.Time.ManualTimeProvider(Given.At(600)));
        services.AddClosedLoop(loop => loop.AddCDEvents(o =>
        {
            var options = Given.Options(change);
            o.Secret = options.Secret;
            foreach (var source in options.Sources) o.Sources.Add(source);
        }));
        await using var provider = services.BuildServiceProvider();
        var receiver = provider.GetRequiredService<IWebhookReceiver>();
        foreach (var body in story)
        {
            var result = await receiver.ReceiveAsync(Given.Delivery(body));
            Assert.True(result.StatusCode is >= 200 and < 300, $"{result.Outcome}: {result.Detail}");
        }
        Assert.Empty(await provider.GetRequiredService<ClosedLoop.Hosting.ILoopQueries>().ReadQuarantineAsync(10));
        return (await provider.GetRequiredService<IClosedLoop>().GetStatusAsync("pr:acme/web#12"))!;
    }
}
