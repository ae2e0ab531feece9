using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Peer;

/// <summary>Sends signals through the peer: in-memory transport, in-memory saga repository, nothing logged, everything else as it comes.</summary>
internal sealed record PeerRun(double Seconds, long AllocatedBytes, int Completed, int Faults)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<PeerRun> RunAsync(IReadOnlyList<PeerSignal> signals, int publishers, bool warmed)
    {
        var count = new PeerCount();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(count)
            .AddMassTransit(static bus =>
            {
                bus.DisableUsageTelemetry();
                bus.AddSagaStateMachine<PeerMachine, PeerItem>().InMemoryRepository();
                bus.UsingInMemory(static (context, configure) => configure.ConfigureEndpoints(context));
            })
            .BuildServiceProvider();
        var bus = services.GetRequiredService<IBusControl>();
        bus.ConnectReceiveObserver(count);
        await bus.StartAsync();
        // Each bus builds its pipes when it meets the first message of a type.
        var first = Guid.NewGuid();
        for (int gate = 0; warmed && gate < 7; gate++)
        {
            count.Expect(1);
            await bus.Publish((object)PeerSignal.Of(gate, first));
            await count.Through.WaitAsync(Patience);
        }
        int completedBefore = count.Completed;
        count.Expect(signals.Count);
        long allocated = GC.GetTotalAllocatedBytes(), start = Clock.Start();
        await Producers.EachAsync(publishers, signals.Count, i => bus.Publish((object)signals[i]));
        try
        {
            await count.Through.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new ClaimFailedException($"the peer received {count.Received} of {signals.Count} messages.");
        }
        double seconds = Clock.Seconds(start);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        await bus.StopAsync();
        return new PeerRun(seconds, allocated, count.Completed - completedBefore, count.Faults);
    }
}
