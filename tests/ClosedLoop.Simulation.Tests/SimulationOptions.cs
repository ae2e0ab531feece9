using ClosedLoop.Pipelines;
using ClosedLoop.Simulation.Tests.Cluster;
using ClosedLoop.Simulation.Tests.Scheduling;
using ClosedLoop.Simulation.Tests.World;

namespace ClosedLoop.Simulation.Tests;

/// <summary>What the second version of the pipeline changes.</summary>
internal enum Deploy
{
    None,
    GateAdded,
    DoneChanged,
}

/// <summary>One world and what befalls it. Equal options give equal runs.</summary>
internal sealed record SimulationOptions
{
    public required int Seed { get; init; }

    public int Nodes { get; init; } = 1;

    public int Repositories { get; init; } = 2;

    public int Targets { get; init; } = 1;

    public required Pace Pace { get; init; }

    public Faults Faults { get; init; } = Faults.None;

    /// <summary>Until when items are opened.</summary>
    public TimeSpan Activity { get; init; } = TimeSpan.FromMinutes(13);

    /// <summary>How long after that the world goes on.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>How long after the last fault the record may take to be the truth: the longest pause after failures and one rare look.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromMinutes(45);

    /// <summary>How long it then has to stay so.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMinutes(4);

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time between two looks at an open item to which nothing happens; null for the engine's own.</summary>
    public TimeSpan? QuietPollInterval { get; init; }

    public TimeSpan HintDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a loop that found nothing to do waits at the least; a host's waits 50 ms. Longer, it does more at once.</summary>
    public TimeSpan LoopPause { get; init; }

    /// <summary>How long a loop waits when nothing is due at all.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether only commits take time and can fail: no other node gets between the reads of a batch. That is what the many short worlds are for.</summary>
    public bool ReadsAtOnce { get; init; }

    /// <summary>Webhooks and agents' calls arrive together at the multiples of this, and a node takes those of one instant as one batch; zero for each at its own time.</summary>
    public TimeSpan Round { get; init; }

    /// <summary>How far a node's clock may be off, either way.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.Zero;

    /// <summary>Mean time between two crashes of a node, apart from those at yield points; zero for none.</summary>
    public TimeSpan BetweenCrashes { get; init; }

    public Deploy Deploy { get; init; }

    public int CommitsPerPage { get; init; } = 20;

    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether every acknowledged delivery is looked up in the store at the end.</summary>
    public bool RemembersDeliveries { get; init; } = true;

    public static SimulationOptions Of(int seed)
    {
        var dice = new Dice(seed, "options");
        bool calm = dice.Chance(0.1);
        return new SimulationOptions
        {
            Seed = seed,
            Nodes = dice.Between(1, 4),
            Repositories = dice.Between(1, 3),
            Targets = dice.Between(1, 2),
            Pace = new Pace { BetweenItems = dice.Span(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4)), Step = TimeSpan.FromSeconds(40), Build = TimeSpan.FromSeconds(80) },
            Skew = calm ? TimeSpan.Zero : dice.Span(TimeSpan.Zero, TimeSpan.FromSeconds(20)),
            BetweenCrashes = calm || dice.Chance(0.3) ? TimeSpan.Zero : dice.Span(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(20)),
            Deploy = (Deploy)dice.Next(3),
            Faults = calm
                ? Faults.None with { LostWebhook = dice.Chance(0.5) ? 1 : 0 }
                : new Faults
                {
                    LostWebhook = dice.Pick([0.0, 0.05, 0.3, 0.6, 1]),
                    DoubledWebhook = dice.Pick([0.0, 0.2, 0.5]),
                    WebhookDelay = dice.Pick([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(4)]),
                    StoreFailsBefore = dice.Pick([0, 0.001, 0.02]),
                    StoreFailsAfter = dice.Pick([0, 0.001, 0.02]),
                    CrashAtPoint = dice.Pick([0, 0.0002, 0.002]),
                    StoreLatency = dice.Pick([TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200)]),
                    BetweenOutages = dice.Pick([TimeSpan.Zero, TimeSpan.FromMinutes(10)]),
                    RateLimited = dice.Pick([0, 0.02, 0.1]),
                    ProbeFails = dice.Pick([0, 0.05]),
                    StaleRead = dice.Pick([0, 0.3]),
                    SinkFails = 0.2,
                },
        };
    }

    /// <summary>
    /// Days of a busy organisation: 1,000 items a week in ten repositories, 5 % of the webhooks lost and 20 % doubled, of each provider an
    /// outage of up to three hours each week, on one node that crashes every three days.
    /// </summary>
    /// <remarks>
    /// It is about volume; interleavings are what the many short worlds are for. So what is the same however fast it goes is done in larger
    /// pieces: webhooks and calls arrive every ten minutes, loops wake every ten minutes, sources are polled each hour and items that stay open for months each day, and only commits take
    /// time. No check is left out: every commit's claims are held to the truth, every stored item to have a look planned, and the whole
    /// record is compared with the whole world at the end.
    /// </remarks>
    public static SimulationOptions Year(int days, int seed, int nodes = 1) => new()
    {
        Seed = seed,
        Nodes = nodes,
        Repositories = 10,
        Targets = 1,
        Pace = new Pace
        {
            BetweenItems = TimeSpan.FromDays(7) / 1000,
            Step = TimeSpan.FromMinutes(12),
            Build = TimeSpan.FromMinutes(8),
            Image = TimeSpan.FromMinutes(3),
            Rollout = TimeSpan.FromMinutes(4),
            Check = TimeSpan.FromMinutes(3),
            Abandoned = 0.04,
            Reverted = 0.03,
            Red = 0.12,
            FailedRollout = 0.04,
            Unhealthy = 0.05,
        },
        Skew = TimeSpan.FromSeconds(2),
        Activity = TimeSpan.FromDays(days),
        Drain = TimeSpan.FromHours(6),
        Bound = TimeSpan.FromHours(3),
        PollInterval = TimeSpan.FromHours(1),
        QuietPollInterval = TimeSpan.FromDays(1),
        HintDelay = TimeSpan.FromMinutes(30),
        Round = TimeSpan.FromMinutes(10),
        LoopPause = TimeSpan.FromMinutes(10),
        LongestWait = TimeSpan.FromHours(1),
        BetweenCrashes = TimeSpan.FromDays(3),
        CommitsPerPage = 100,
        Keep = TimeSpan.FromDays(2),
        ReadsAtOnce = true,
        RemembersDeliveries = false,
        Faults = new Faults
        {
            LostWebhook = 0.05,
            DoubledWebhook = 0.2,
            WebhookDelay = TimeSpan.FromSeconds(20),
            StoreLatency = TimeSpan.FromMilliseconds(2),
            BetweenOutages = TimeSpan.FromDays(7),
            Outage = TimeSpan.FromHours(3),
            RateLimited = 0.001,
            ProbeFails = 0.001,
            StaleRead = 0.01,
            SinkFails = 0.05,
        },
    };

    /// <summary>Declares the pipeline of a version: 0 before the deployment, 1 after it.</summary>
    public void Configure(PipelineBuilder pipeline, int version)
    {
        string[] targets = Targets == 2 ? ["eu", "us"] : ["eu"];
        pipeline.UseDefaultGates().Gate(Gates.RolledOut, g => g.Require(targets)).Gate(Gates.Healthy, g => g.Require(targets));
        if (version == 0) return;
        if (Deploy == Deploy.GateAdded) pipeline.GateAfter(Gates.MainCi, Truth.Scan, g => g.WrittenBy(WorldFacts.Scanner.ToString()).Cumulative()).DoneWhen(ClosedLoop.Done.When("scanned", Gates.Merged, Gates.MainCi, Truth.Scan));
        if (Deploy == Deploy.DoneChanged) pipeline.DoneWhen(ClosedLoop.Done.RolledOut);
    }
}
