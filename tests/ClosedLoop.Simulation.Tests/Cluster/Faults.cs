namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>How often what goes wrong. All are chances from 0 to 1 unless said otherwise.</summary>
internal sealed record Faults
{
    /// <summary>A webhook never arrives.</summary>
    public double LostWebhook { get; init; }

    /// <summary>A webhook is sent once more.</summary>
    public double DoubledWebhook { get; init; }

    /// <summary>The longest delay of a webhook: the longer, the more overtake each other.</summary>
    public TimeSpan WebhookDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A store call fails and stores nothing.</summary>
    public double StoreFailsBefore { get; init; }

    /// <summary>A store call does its work, and the caller is told that it failed.</summary>
    public double StoreFailsAfter { get; init; }

    /// <summary>The node is gone at this yield point.</summary>
    public double CrashAtPoint { get; init; }

    /// <summary>The longest time that a store call takes.</summary>
    public TimeSpan StoreLatency { get; init; } = TimeSpan.Zero;

    /// <summary>Mean time between two outages of a source; zero for none.</summary>
    public TimeSpan BetweenOutages { get; init; }

    /// <summary>The longest outage.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A probe is told to come again later.</summary>
    public double RateLimited { get; init; }

    /// <summary>A probe fails for no reason that lasts.</summary>
    public double ProbeFails { get; init; }

    /// <summary>A probe is answered with what was so a while ago.</summary>
    public double StaleRead { get; init; }

    /// <summary>How long ago at most. Less than the overlap of two sweeps, which is a minute: a source that forgets to list what is older than that cannot be swept.</summary>
    public TimeSpan Stale { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A notification is not taken.</summary>
    public double SinkFails { get; init; }

    public static Faults None { get; } = new();
}
