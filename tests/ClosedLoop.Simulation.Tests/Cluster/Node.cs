using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Simulation.Tests.Scheduling;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>One process: an engine as an application gets it, on a clock of its own, with the loops that the hosted service runs.</summary>
internal sealed class Node(Simulation simulation, string name, TimeSpan skew, Dice dice)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);

    private readonly List<NodeLoop> _loops = [];
    private ServiceProvider? _services;
    private NodeIntake? _intake;
    private bool _started;

    public string Name => name;

    public NodeLife? Life { get; private set; }

    public bool IsUp => Life is { IsAlive: true } && _started;

    public int Pipeline { get; private set; }

    /// <summary>What waits in it; 0 when it is idle.</summary>
    public int InFlight => _intake?.Waiting ?? 0;

    public void Start(int pipeline)
    {
        Pipeline = pipeline;
        var life = new NodeLife(simulation, name, new NodeClock(simulation.Scheduler, skew), dice);
        Life = life;
        _started = false;
        _loops.Clear();
        life.Ended = () => simulation.NodeEnded(this);
        _services = Build(life);
        simulation.Trace.Add(name, $"starts with pipeline {pipeline}");
        simulation.Scheduler.Start(() => RunAsync(life, _services));
    }

    public void Stop()
    {
        simulation.Trace.Add(name, "stops");
        Life?.End();
    }

    /// <summary>Something in the store is due sooner than was known: the node's own loops are told, those of others find it when they look again.</summary>
    public void Wake(DateTimeOffset dueAt, bool own)
    {
        var wait = own ? ShortestWait : LongestWait;
        var soon = simulation.Scheduler.Now + (wait > simulation.Options.LoopPause ? wait : simulation.Options.LoopPause);
        // By the node's own clock.
        var at = dueAt - simulation.Scheduler.Now is var until && until < TimeSpan.FromDays(1) && until > TimeSpan.FromDays(-1) ? dueAt - skew : dueAt;
        foreach (var loop in _loops) loop.WakeAt(at < soon ? soon : at);
    }

    public async Task<WebhookResult> ReceiveAsync(string source, string body)
    {
        var delivery = new WebhookDelivery { Source = source, Headers = new Dictionary<string, string>(), Body = Encoding.UTF8.GetBytes(body), ReceivedAt = Life!.Clock.GetUtcNow() };
        return await _services!.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery);
    }

    public IClosedLoop Loop => _services!.GetRequiredService<IClosedLoop>();

    private ServiceProvider Build(NodeLife life)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(life.Clock);
        services.AddClosedLoop(loop =>
        {
            loop.UseStore(_ => new NodeStore(life, simulation.Store));
            loop.SpeakAs(Facts.Writer.Agent("builder-7"));
            foreach (var source in simulation.World.Sources) loop.AddAdapter(_ => new SourceAdapter(life, simulation.World, source, simulation.Options).Register());
            loop.AddPipeline("delivery", p => simulation.Options.Configure(p, Pipeline));
            loop.AddSink(_ => new RecordingSink(life));
        });
        var queue = services.Last(static s => s.ServiceType == typeof(IIntake));
        services.Replace(ServiceDescriptor.Singleton<IIntake>(provider =>
            _intake = new NodeIntake((IIntake)queue.ImplementationFactory!(provider), provider.GetRequiredService<Committer>, simulation.Options.Round > TimeSpan.Zero ? () => life.SleepAsync(TimeSpan.FromTicks(1)) : null)));
        return services.BuildServiceProvider();
    }

    private async Task RunAsync(NodeLife life, ServiceProvider services)
    {
        var engine = services.GetRequiredService<LoopEngine>();
        while (true)
        {
            try
            {
                await engine.StartAsync(CancellationToken.None);
                break;
            }
            catch (StoreUnavailableException)
            {
                await life.SleepAsync(AfterFailure);
            }
        }
        _started = true;
        simulation.Trace.Add(name, "is up");
        foreach (var prober in engine.Probers) Begin(prober.RunOnceAsync);
        Begin(engine.RunClocksAsync);
        Begin(engine.DeliverAsync);

        void Begin(Func<CancellationToken, ValueTask<bool>> work)
        {
            var loop = new NodeLoop(life);
            _loops.Add(loop);
            simulation.Scheduler.Start(() => LoopAsync(life, loop, work));
        }
    }

    // As the hosted service does it, except that waiting costs no turns: whoever waits is woken when the store has changed.
    private async Task LoopAsync(NodeLife life, NodeLoop loop, Func<CancellationToken, ValueTask<bool>> work)
    {
        while (true)
        {
            bool any;
            try
            {
                any = await work(CancellationToken.None);
            }
            catch (StoreUnavailableException)
            {
                await life.SleepAsync(AfterFailure);
                continue;
            }
            if (any)
            {
                // A loop that always has something to do would be a live lock of the engine's, and is found by the bound on steps.
                await life.SleepAsync(TimeSpan.FromTicks(1));
                continue;
            }
            var wait = simulation.Options.LongestWait;
            if (await simulation.Store.NextWakeAsync(CancellationToken.None) is { } next)
            {
                var until = next - life.Clock.GetUtcNow();
                wait = until <= TimeSpan.Zero ? LongestWait : until < ShortestWait ? ShortestWait : until < wait ? until : wait;
            }
            if (wait < simulation.Options.LoopPause) wait = simulation.Options.LoopPause;
            await loop.WaitAsync(wait);
        }
    }
}
