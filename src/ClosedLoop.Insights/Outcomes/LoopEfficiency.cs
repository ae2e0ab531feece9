using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Outcomes;

/// <summary>
/// Loop efficiency (ours, since mission/000 asks for one number and gives none): of the time from an accepted specification to being live, the part in which somebody or something worked on the change. Done changes only. The rest is waiting and coordination.
/// </summary>
public sealed record LoopEfficiency
{
    /// <summary>Active time over elapsed time, both summed over all changes; null without any.</summary>
    public double? Value { get; init; }

    /// <summary>How many changes it is of.</summary>
    public int Changes { get; init; }

    /// <summary>Changes that are not live: censored.</summary>
    public int Censored { get; init; }

    /// <summary>Left out: active time is not known, or is more than there was.</summary>
    public IReadOnlyDictionary<string, int> Excluded { get; init; } = new Dictionary<string, int>();

    /// <summary>Changes without any act of a person between the opening of the pull request and being live, out of those of which that is known.</summary>
    public Ratio HandsFreeShare { get; init; }

    /// <summary>Measures changes.</summary>
    public static LoopEfficiency Measure(IEnumerable<ChangeEffort> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var excluded = new Exclusions();
        TimeSpan active = TimeSpan.Zero, elapsed = TimeSpan.Zero;
        int counted = 0, censored = 0, free = 0, known = 0;
        foreach (var change in changes)
        {
            if (change.LiveAt is not { } live)
            {
                censored++;
                continue;
            }
            if (change.HumanActs is { } acts)
            {
                known++;
                if (acts == 0) free++;
            }
            var took = live - change.AcceptedAt;
            if (change.Active is not { } worked) excluded.Add("active-time-unknown");
            else if (took <= TimeSpan.Zero) excluded.Add(Dora.ChangeLeadTime.Negative);
            else if (worked < TimeSpan.Zero || worked > took) excluded.Add("active-time-impossible");
            else (active, elapsed, counted) = (active + worked, elapsed + took, counted + 1);
        }
        return new LoopEfficiency { Value = counted == 0 ? null : active / elapsed, Changes = counted, Censored = censored, Excluded = excluded.Counts, HandsFreeShare = new Ratio(free, known) };
    }
}
