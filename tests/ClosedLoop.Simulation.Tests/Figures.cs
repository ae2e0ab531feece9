namespace ClosedLoop.Simulation.Tests;

/// <summary>What a run counted.</summary>
internal sealed class Figures
{
    public int Items { get; set; }

    public long Facts { get; set; }

    public long Commits { get; set; }

    public long Conflicts { get; set; }

    public long StoreCalls { get; set; }

    public long Deliveries { get; set; }

    public long WebhooksLost { get; set; }

    /// <summary>Calls of a probe.</summary>
    public long Polls { get; set; }

    /// <summary>The subjects that they asked for.</summary>
    public long Looks { get; set; }

    public long Claims { get; set; }

    public long Crashes { get; set; }

    public long Notifications { get; set; }

    /// <summary>From the instant of the evidence until the record said so, in seconds.</summary>
    public List<float> StalenessSeconds { get; } = [];

    /// <summary>How long after the last fault the record was the truth.</summary>
    public TimeSpan Settled { get; set; }

    public long Steps { get; set; }

    public double Staleness(double quantile)
    {
        if (StalenessSeconds.Count == 0) return 0;
        StalenessSeconds.Sort();
        return StalenessSeconds[(int)Math.Min(StalenessSeconds.Count - 1, quantile * StalenessSeconds.Count)];
    }
}
