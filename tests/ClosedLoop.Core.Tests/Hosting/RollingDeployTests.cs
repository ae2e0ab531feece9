using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Core.Tests.Hosting;

/// <summary>Nodes get a new pipeline one after the other: for a while the old one and the new one write to the same store.</summary>
public sealed class RollingDeployTests
{
    [Fact]
    public async Task What_an_old_node_folded_after_the_new_one_had_started_follows_the_new_rules_in_the_end()
    {
        var (store, time) = (new InMemoryLoopStore(), new ManualTimeProvider(Given.Start));
        using var old = new LoopFixture(l => l.AddPipeline("delivery", p => p.UseDefaultGates()), store, time);
        await old.Engine.RunDueAsync(default);
        await old.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        using var renewed = new LoopFixture(l => l.AddPipeline("delivery", p => p.UseDefaultGates().DoneWhen(Done.RolledOut)), store, time);
        await renewed.Engine.RunDueAsync(default);
        Assert.Equal("C", (await renewed.StateAsync("BL-1")).DoneDefinition);
        await old.TakeAsync(Given.PrClosed(1, 1, Given.Item(1)));
        Assert.Equal("B", (await renewed.StateAsync("BL-1")).DoneDefinition);
        // The old node would fold by its own rules again, whenever it was asked.
        await old.RunAsync(TimeSpan.FromMinutes(31));
        await renewed.RunAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("C", (await renewed.StateAsync("BL-1")).DoneDefinition);
    }
}
