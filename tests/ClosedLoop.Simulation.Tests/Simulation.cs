using System.Globalization;
using System.Text;
using ClosedLoop.Lines;
using ClosedLoop.Outbox;
using ClosedLoop.Pipelines;
using ClosedLoop.Simulation.Tests.Checks;
using ClosedLoop.Simulation.Tests.Cluster;
using ClosedLoop.Simulation.Tests.Scheduling;
using ClosedLoop.Simulation.Tests.World;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Simulation.Tests;

/// <summary>One run: a world, its nodes, what goes wrong, and what is checked at each step and at the end.</summary>
internal sealed class Simulation
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly Dice _dice;
    private readonly ClaimCheck _claims;
    private readonly Dictionary<string, DateTimeOffset> _introduced = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _delivered = new(StringComparer.Ordinal);
    private int _deployed;
    private bool _faulty = true;

    private Simulation(SimulationOptions options)
    {
        Options = options;
        Scheduler = new VirtualScheduler(Start);
        Trace = new Trace(Scheduler);
        _dice = new Dice(options.Seed, "faults");
        World = new DeliveryWorld(Scheduler, new Dice(options.Seed, "world"), options.Pace, options.Repositories, options.Targets, Start + options.Activity, Start + options.Activity + options.Drain, options.Keep);
        Network = new Network(this, new Dice(options.Seed, "network"));
        World.Announced = Network.Announce;
        World.Asked = Network.Ask;
        World.Told = what => Trace.Add("world", what);
        _claims = new ClaimCheck(World, IsPlaced);
        for (int i = 0; i < options.Nodes; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"node{i}");
            Nodes.Add(new Node(this, name, _dice.Span(-options.Skew, options.Skew), new Dice(options.Seed, name)));
        }
    }

    public SimulationOptions Options { get; }

    public VirtualScheduler Scheduler { get; }

    public Trace Trace { get; }

    public DeliveryWorld World { get; }

    public Network Network { get; }

    public List<Node> Nodes { get; } = [];

    public ILoopStore Store { get; } = new InMemoryLoopStore();

    public Figures Figures { get; } = new();

    public Faults Faults => _faulty ? Options.Faults : Faults.None;

    /// <summary>Changes what a node commits, to see that it is found.</summary>
    public Func<StoreCommit, StoreCommit>? Sabotage { get; private set; }

    /// <summary>Whether the faults never stop.</summary>
    private bool FaultsLast { get; init; }

    /// <summary>Runs a world to its end on a thread of its own.</summary>
    /// <exception cref="SimulationException">Something was not as it has to be; the message tells the seed, the time and what happened last.</exception>
    public static (Figures Figures, string Hash) Run(SimulationOptions options, Func<StoreCommit, StoreCommit>? sabotage = null, Action<string>? follow = null, bool faultsLast = false)
    {
        (Figures, string) result = default;
        Exception? failure = null;
        // Without a synchronization context or a task scheduler of somebody else's: continuations run where they are resumed.
        var thread = new Thread(() =>
        {
            var simulation = new Simulation(options) { Sabotage = sabotage, FaultsLast = faultsLast };
            simulation.Trace.Follow = follow;
            try
            {
                simulation.Run();
                result = (simulation.Figures, simulation.Trace.Hash);
            }
            catch (Exception exception)
            {
                failure = simulation.Explain(exception);
            }
        }, 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }

    public void NodeEnded(Node node)
    {
        Figures.Crashes++;
        Scheduler.After(_dice.Span(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), () => node.Start(_deployed));
    }

    public void Registered(PipelineHistory history)
    {
        foreach (var ((_, gate), at) in history.IntroducedAt) _introduced[gate] = at;
    }

    public void Delivered(Notification notification)
    {
        Trace.Add("pager", notification.IdempotencyKey);
        Figures.Notifications++;
        _delivered.Add(notification.IdempotencyKey + ":pager");
    }

    public async ValueTask CommittedAsync(NodeLife life, StoreCommit commit, CommitResult result)
    {
        if (result.Outcome != CommitOutcome.Committed)
        {
            Figures.Conflicts++;
            Trace.Add(life.Name, "conflict");
            return;
        }
        Figures.Commits++;
        Figures.Facts += commit.Log.Count;
        if (commit.Log.Count + commit.Items.Count > 0) Trace.Add(life.Name, Describe(commit));
        foreach (var record in commit.Items)
            if (_claims.Refute(record.State, Scheduler.Now, Figures) is { } refuted)
                Fail("over-claim: " + refuted);
        if (commit.Items.Count > 0)
        {
            foreach (var record in await Store.FindItemsAsync([.. commit.Items.Select(static i => i.State.Id)], CancellationToken.None))
                if (!record.State.IsClosed && record.NextProbeAt is null) Fail($"{record.State.Id} is open and nobody looks at it any more");
        }
        foreach (var message in commit.Outbox)
            if (message.Sink == "pager") _messages.Add(message.IdempotencyKey);
        if (commit.Due.Count + commit.Outbox.Count == 0) return;
        var next = DateTimeOffset.MaxValue;
        foreach (var due in commit.Due)
            if (due.DueAt < next) next = due.DueAt.Value;
        if (commit.Outbox.Count > 0) next = DateTimeOffset.MinValue;
        foreach (var node in Nodes)
            if (node.IsUp) node.Wake(next, own: node.Life == life);
    }

    private void Fail(string what) => Scheduler.Fail(new SimulationException(what));

    private void Run()
    {
        var end = Start + Options.Activity + Options.Drain;
        World.Begin();
        foreach (var node in Nodes) Scheduler.After(_dice.Span(TimeSpan.Zero, TimeSpan.FromSeconds(30)), () => node.Start(_deployed));
        if (Options.BetweenCrashes > TimeSpan.Zero) Scheduler.After(_dice.Wait(Options.BetweenCrashes), () => Crash(end));
        foreach (var source in World.Sources)
            if (Options.Faults.BetweenOutages > TimeSpan.Zero) Scheduler.After(_dice.Wait(Options.Faults.BetweenOutages), () => Fail(source, end));
        if (Options.Deploy != Deploy.None) Scheduler.After(Options.Activity * (0.2 + (0.01 * _dice.Next(80))), DeployNext);
        Scheduler.RunUntil(end + TimeSpan.FromMinutes(5));
        _faulty = FaultsLast;
        foreach (var source in World.Sources) source.DownUntil = source.LimitedUntil = default;
        Trace.Add("world", "the faults stop");
        Settle(end + TimeSpan.FromMinutes(5));
        Figures.Items = World.Items.Count;
        Figures.Steps = Scheduler.Steps;
    }

    private void Settle(DateTimeOffset stopped)
    {
        var pipeline = new PipelineBuilder("delivery");
        Options.Configure(pipeline, _deployed);
        var definition = pipeline.Build();
        string? wrong = null;
        for (var at = stopped; at <= stopped + Options.Bound; at += TimeSpan.FromMinutes(1))
        {
            Scheduler.RunUntil(at);
            wrong = Network.Open > 0 ? "an agent is still not answered" : EndCheck.Wrong(Store, World, definition, _introduced, Scheduler.Now);
            if (wrong is not null) continue;
            Figures.Settled = at - stopped;
            break;
        }
        if (wrong is not null) throw new SimulationException($"{Options.Bound.TotalMinutes:0} minutes after the last fault the record is not the truth: {wrong}");
        Scheduler.RunUntil(Scheduler.Now + Options.Rest);
        wrong = EndCheck.Wrong(Store, World, definition, _introduced, Scheduler.Now);
        if (wrong is not null) throw new SimulationException($"the record was the truth and is not any more, though nothing happened: {wrong}");
        // Whatever looks right now has ended by then.
        Scheduler.RunUntil(Scheduler.Now + TimeSpan.FromSeconds(0.5));
        if (Nodes.Find(static n => n.InFlight > 0) is { } busy) throw new SimulationException($"{busy.Name} still works on what came in");
        wrong = EndCheck.Unfinished(Store, World, Network.Acknowledged, _messages, _delivered, Scheduler.Now);
        if (wrong is not null) throw new SimulationException(wrong);
    }

    private void Crash(DateTimeOffset end)
    {
        if (Scheduler.Now >= end) return;
        Scheduler.After(_dice.Wait(Options.BetweenCrashes), () => Crash(end));
        var node = _dice.Pick(Nodes);
        if (node.Life is { IsAlive: true }) node.Stop();
    }

    private void Fail(Source source, DateTimeOffset end)
    {
        if (Scheduler.Now >= end) return;
        Scheduler.After(_dice.Wait(Options.Faults.BetweenOutages), () => Fail(source, end));
        source.DownUntil = Scheduler.Now + _dice.Span(TimeSpan.FromSeconds(10), Options.Faults.Outage);
        Trace.Add(source.Name, $"cannot be reached until {source.DownUntil:HH:mm:ss}");
    }

    // One node after the other, as a rolling update does it: for a while both versions work on the same store.
    private void DeployNext()
    {
        _deployed = 1;
        Trace.Add("world", $"deploys {Options.Deploy}");
        var wait = TimeSpan.Zero;
        foreach (var node in Nodes)
        {
            Scheduler.After(wait, () =>
            {
                if (node.Life is { IsAlive: true } && node.Pipeline != 1) node.Stop();
            });
            wait += _dice.Span(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
        }
        // What is told to a node that does not know the gate yet is kept and not taken into the line: the scanner begins when all know it.
        if (Options.Deploy == Deploy.GateAdded) Scheduler.After(wait + TimeSpan.FromMinutes(2), () => World.ScansFrom = Scheduler.Now);
    }

    private static string Describe(StoreCommit commit)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"commits {commit.Log.Count} facts");
        foreach (var item in commit.Items) text.Append(CultureInfo.InvariantCulture, $" {item.State.Id}:{string.Concat(item.State.Gates.Select(static g => g.Status.ToString()[0]))}{(item.State.IsDone ? "+" : "")}");
        return text.ToString();
    }

    private SimulationException Explain(Exception exception)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{(exception is SimulationException ? exception.Message : exception.ToString())}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {Options.Seed}, virtual time {Scheduler.Now:O}, {Trace.Count} events, trace {Trace.Hash}. Again: dotnet run --project tests/ClosedLoop.Simulation.Tests -- --seed {Options.Seed}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Options}");
        foreach (string line in Trace.Last) text.Append("  ").AppendLine(line);
        return new SimulationException(text.ToString(), exception);
    }

    // The store in memory answers at once.
    private bool IsPlaced(Repository repository, World.LineCommit commit) =>
        Store.ScanAsync([LineKeys.Only(LineKeys.Node(repository.Name, commit.Sha))], CancellationToken.None).AsTask().GetAwaiter().GetResult()[0].Count > 0;
}
